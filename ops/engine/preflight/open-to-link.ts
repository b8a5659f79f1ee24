// Services that machines on the same link can reach whatever address they publish on.
import type { StackConfig } from "../../../components/config/keys/base.ts";
import { servicesOn } from "../../../components/services.ts";
import { type EngineTraits, engineName } from "../../../lib/engine/traits.ts";
import { exitCode, XnaiError } from "../../../lib/errors.ts";
import type { Engine } from "../connection/connect.ts";

/**
 * Docker 28 is the first whose own rules drop what others on the link send to a container, or to a port on loopback, by way of
 * the container's address: https://docs.docker.com/engine/release-notes/28/. Before, a time to live of 1 keeps answers from
 * them; a service with egress has none.
 */
const firstThatDrops: Record<EngineTraits["kind"], number> = { docker: 28, podman: Number.POSITIVE_INFINITY };

/**
 * What is open with this engine: a sentence, undefined when there is nothing. A rootless engine has a network of its own that
 * nobody else is on. Pure.
 */
export function openToLink(engine: Pick<Engine, "version" | "traits">, config: StackConfig): string | undefined {
  const open = servicesOn(config).flatMap(({ name }) => (config.egress.includes(name) ? [name] : []));
  const { kind, rootless } = engine.traits;
  if (open.length === 0 || rootless || Number.parseInt(engine.version, 10) >= firstThatDrops[kind]) return undefined;
  return `${open.join(" and ")} may reach the internet (egress), and on ${engineName(engine.traits)} ${engine.version} every machine on the same link can then connect to what it listens on, ports on loopback included`;
}

/** @throws XnaiError (machine) unless the configuration accepts it */
export function checkOpenToLink(engine: Engine, config: StackConfig): void {
  const open = config.egressOpenToLink ? undefined : openToLink(engine, config);
  if (open === undefined) return;
  throw new XnaiError(
    exitCode.machine,
    `${open}: Docker 28 is the first that drops such packets, and the firewall of this machine is not the stack's to change.`,
    "Update Docker to 28 or newer; or, if everybody on that link may connect (a key or password still counts), set xnai:egressOpenToLink: true; or remove the service from xnai:egress. Nothing was changed.",
  );
}
