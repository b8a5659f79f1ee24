// Which engines' sockets are on another machine: asked with one ssh before there is a tunnel to any of them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { EngineError } from "../../../lib/engine/connection-error.ts";
import { type SshHost, sshArguments } from "../../../lib/engine/ssh-host.ts";
import { sshError } from "./ssh-error.ts";

/**
 * The user's own configuration counts (keys, jumps, names), but not what would ask something, share somebody's connection, or
 * do more than lead to the engine.
 */
export const sshOptions = [
  "BatchMode=yes",
  "ConnectTimeout=10",
  "ControlPath=none",
  "LogLevel=INFO",
  "RemoteCommand=none",
  "RequestTTY=no",
  "ForwardAgent=no",
  "ForwardX11=no",
].flatMap((option) => ["-o", option]);

/** What a user finds on the engine's machine. */
export interface FoundThere {
  usable: string[];
  denied: string[];
  /** Programs: `dockerd`, `podman`. */
  installed: string[];
  user: string;
}

/**
 * The sockets that this user may use there, in the order in which they were asked for.
 * @param sockets absolute, or relative to the user's runtime directory
 * @throws EngineError with what ssh says, or with what is missing there
 */
export async function socketsThere(ssh: SshHost, sockets: readonly string[]): Promise<string[]> {
  const asked = ssh.socket ? [ssh.socket] : sockets;
  const script = readFileSync(join(import.meta.dirname, "look.sh"), "utf8");
  const asking = await execa("ssh", ["-T", ...sshOptions, ...sshArguments(ssh), "sh", "-s"], {
    input: `set -- ${asked.map(quoted).join(" ")}\n${script}`,
    env: { LC_ALL: "C" },
    reject: false,
  });
  if (asking.code === "ENOENT") throw notInstalled();
  const there = readFound(asking.stdout);
  if (!there) throw sshError(ssh, asking.stderr);
  if (there.usable.length === 0) throw nothingUsable(ssh, asked, there);
  return there.usable;
}

/** Reads what look.sh prints; undefined when it did not come to its end. Pure. */
export function readFound(output: string): FoundThere | undefined {
  const all = (word: string) =>
    [...output.matchAll(new RegExp(`^xnai ${word} (.+?)\\r?$`, "gm"))].map(([, it]) => `${it}`);
  const [user] = all("user");
  return user === undefined
    ? undefined
    : { usable: all("usable"), denied: all("denied"), installed: all("installed"), user };
}

/** Why there is no engine to use. Pure. */
export function nothingUsable(
  { destination }: SshHost,
  asked: readonly string[],
  { denied, installed, user }: FoundThere,
): EngineError {
  if (denied.length > 0)
    return new EngineError(
      "denied",
      `${user} may not use the engine at ${denied.join(" or ")} on ${destination}.`,
      `There, as root: usermod -aG docker ${user} (members of that group can become root), or set up a rootless engine. Nothing was changed.`,
    );
  const start = {
    dockerd: "systemctl enable --now docker (as root)",
    podman: `systemctl --user enable --now podman.socket podman-restart, then loginctl enable-linger ${user}`,
  };
  const commands = Object.entries(start).flatMap(([name, command]) => (installed.includes(name) ? [command] : []));
  return new EngineError(
    commands.length > 0 ? "stopped" : "absent",
    `No engine listens on ${destination}: none of ${asked.join(", ")} is there.`,
    commands.length > 0
      ? `Start it on that machine: ${commands.join("; or ")}. Nothing was changed.`
      : "Install Docker or Podman on that machine and start it. Nothing was changed.",
  );
}

const notInstalled = () =>
  new EngineError(
    "absent",
    "The engine is on another machine, and this one has no ssh.",
    "Install it: apt-get install openssh-client, dnf install openssh-clients, apk add openssh-client.",
  );

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
