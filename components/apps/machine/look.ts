// Whether an app gets at what it names of the machine: asked in its own container, said by `status` and at the end of `up`. Pure.
import { scriptCommand } from "../../../lib/shell.ts";
import { ownerOf, type StackConfig } from "../../config/keys/base.ts";
import { hostName, type Warning } from "../../definition/container.ts";
import { launcher } from "../../definition/launcher.ts";
import type { AppConfig } from "../config.ts";

/** What is asked; undefined for an app that names nothing of the machine. */
export function lookAtMachine(name: string, { host, mounts }: AppConfig): Warning | undefined {
  if (host.length + mounts.length === 0) return undefined;
  const places = mounts.flatMap(({ path, readOnly }) => [readOnly ? "read" : "write", path]);
  const args = [launcher, hostName, ...host.map(String), "--", ...places];
  return {
    command: [launcher, ...scriptCommand("sh", import.meta.dirname, "look.sh", args)],
    read: (output, config) => missed(name, output, config),
  };
}

/** What is missing, from what look.sh prints: a thing and a word about it in each line. */
function missed(name: string, output: string, config: StackConfig): string | undefined {
  const lines = output.split("\n").map((line) => line.split(/ (?=\w+$)/));
  const all = (word: string) => lines.flatMap(([thing = "", said]) => (said === word ? [thing] : []));
  const sentences = [
    ...silent(name, all("silent"), all("address")[0]),
    ...all("unreadable").map((path) => closed(name, path, "read", config)),
    ...all("unwritable").map((path) => closed(name, path, "write", config)),
  ];
  return sentences.length > 0 ? sentences.join("\n") : undefined;
}

/** @param address of the machine, as the app sees it */
function silent(name: string, ports: readonly string[], address = "its address"): string[] {
  if (ports.length === 0) return [];
  const numbers = ports.toSorted((a, b) => Number(a) - Number(b)).join(", ");
  return [
    `nothing answers at port ${numbers} of ${hostName} (apps.${name}.host). Let the service listen at ${address} or at every address of this machine: what listens at 127.0.0.1 no container reaches. A firewall has to let containers in, too.`,
  ];
}

function closed(name: string, path: string, what: string, config: StackConfig): string {
  const { uid, gid } = ownerOf(config, name);
  const host = config.apps[name]?.mounts.find((mount) => mount.path === path)?.host;
  return `its user ${uid}:${gid} cannot ${what} ${host}, which it sees as ${path} (apps.${name}.mounts). Give that user the right to, or the directory with own: true.`;
}
