// What the addresses of a stack mean on this machine when its engine is on another one, and what cannot be checked from here.
import type { StackConfig } from "../../../components/config/keys/base.ts";
import { bindingsOf } from "../../../components/services.ts";
import { reach } from "../../../lib/addresses.ts";
import { givenHost } from "../../../lib/engine/given-host.ts";
import { isSsh, type SshHost, sshHost, sshWords } from "../../../lib/engine/ssh-host.ts";
import type { Engine } from "../connection/connect.ts";

/** The machine to which ssh leads, where the user has named an engine there. */
export function namedMachine(env: NodeJS.ProcessEnv = process.env): SshHost | undefined {
  const given = givenHost(env);
  return given && isSsh(given.host) ? sshHost(given.host) : undefined;
}

/**
 * How what the stack publishes on the other machine's loopback is reached from here; undefined when the engine is on this one or
 * nothing is published there. Pure.
 */
export function reachedFromHere(ssh: SshHost | undefined, config: StackConfig): string | undefined {
  const there = bindingsOf(config).filter(({ address }) => reach(address) === "loopback");
  if (!ssh || there.length === 0) return undefined;
  const forwards = there.map(({ address, port }) => `-L ${port}:${bracketed(address)}:${port}`).join(" ");
  return `localhost and 127.0.0.1 mean ${ssh.destination}. To use these addresses from here, keep this open in another terminal: ssh -NT ${forwards} ${sshWords(ssh)}`;
}

const bracketed = (address: string) => (address.includes(":") ? `[${address}]` : address);

/** What is not looked at before anything is changed; undefined when the engine is on this machine. Pure. */
export function notCheckedFromHere(
  engine: Pick<Engine, "local" | "ssh" | "host">,
  config: StackConfig,
): string | undefined {
  if (engine.local) return undefined;
  const what = ["addresses", "ports of other programs", "open files", "room on its disk"];
  if (config.storage.root !== undefined) what.unshift(`storage.root (${config.storage.root})`);
  return `the engine is on ${engine.ssh?.destination ?? engine.host}, so that this is not checked beforehand there: ${what.join(", ")}`;
}
