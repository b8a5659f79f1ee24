// Services that nobody beyond this machine would be answered by, whatever address they publish on.
import type { StackConfig } from "../../../components/config/keys/base.ts";
import { bindingsOf } from "../../../components/services.ts";
import { reach } from "../../../lib/addresses.ts";
import { answersBeyondHost, engineName } from "../../../lib/engine/traits.ts";
import { exitCode, XnaiError } from "../../../lib/errors.ts";

/** @throws XnaiError (machine) that names every key whose address would not answer. Pure otherwise */
export function checkAnswers(config: StackConfig): void {
  if (answersBeyondHost(config.engine)) return;
  const beyond = bindingsOf(config).filter(({ address }) => reach(address) !== "loopback");
  const keys = [...new Set(beyond.map(({ service, address }) => `exposure.${service}.address is ${address}`))];
  if (keys.length === 0) return;
  const name = engineName(config.engine);
  throw new XnaiError(
    exitCode.machine,
    `${keys.join(" and ")}, but on ${name} with root a container has no route by which to answer clients beyond this machine: without one it can reach nobody else either.`,
    `Run the stack on ${name} without root, whose ports answer there (a user's own podman.socket), or set the address to 127.0.0.1 and let a proxy of this machine pass it on. Nothing was changed.`,
  );
}
