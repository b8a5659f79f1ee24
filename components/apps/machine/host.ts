// Apps that use services of the machine itself: what is said of them, and where they cannot. Pure.
import { engineName, reachesHost } from "../../../lib/engine/traits.ts";
import { exitCode, XnaiError } from "../../../lib/errors.ts";
import type { StackConfig } from "../../config/keys/base.ts";
import { hostName } from "../../definition/container.ts";

/** Those apps, each with the ports that it uses there. */
const using = ({ apps }: StackConfig) =>
  Object.entries(apps).flatMap(([name, { host }]) => (host.length > 0 ? [{ name, ports: host.join(", ") }] : []));

/** Names of those apps. */
export const appsUsingHost = (config: StackConfig): string[] => using(config).map(({ name }) => name);

/** One sentence for each. */
export const usingHostInWords = (config: StackConfig): string[] =>
  using(config).map(
    ({ name, ports }) => `${name} uses what listens on this machine, as ${hostName}: port ${ports} (apps.${name}.host)`,
  );

/** @throws XnaiError (machine) that names every app which would reach nothing there */
export function checkHostIsReached(config: StackConfig): void {
  const keys = appsUsingHost(config).map((name) => `apps.${name}.host`);
  if (keys.length === 0 || reachesHost(config.engine)) return;
  throw new XnaiError(
    exitCode.machine,
    `${keys.join(" and ")}: ${engineName(config.engine)} without root has its containers in a network of their own, from which nothing leads to what listens on this machine but the way to everywhere, which is closed.`,
    "Run the service as an app too, or the stack on an engine with root. Nothing was changed.",
  );
}
