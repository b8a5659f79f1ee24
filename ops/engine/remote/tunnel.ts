// A tunnel to the engines of another machine: one process of the system's own ssh, which provider and program share.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type SshHost, sshArguments } from "../../../lib/engine/ssh-host.ts";
import { say } from "../../../lib/progress.ts";
import { sshOptions } from "./sockets.ts";
import { sshError } from "./ssh-error.ts";

/** How long ssh may take until the sockets are here, milliseconds. */
const openWithinMs = 30_000;

/** A socket of the other machine, and where it is on this one. */
export interface Tunnelled {
  /** `unix:///tmp/...`, as long as this process lives. */
  host: string;
  /** Its path there. */
  socket: string;
  /** What ssh has said since, for an engine that does not answer. */
  said(): string;
}

/**
 * Leads these sockets of the other machine to this one, until this process ends: ssh ends with it, also when it is killed. It
 * runs in a session of its own, so that Ctrl-C does not cut off what Pulumi still has to do.
 * @throws EngineError with what ssh says
 */
export async function openTunnel(ssh: SshHost, sockets: readonly string[]): Promise<Tunnelled[]> {
  // Readable by this user alone: whoever may use an engine's socket can become root there.
  const folder = mkdtempSync(join(tmpdir(), "xnai-ssh-"));
  const ends = sockets.map((socket, index) => ({ socket, path: join(folder, `${index}.sock`) }));
  const forwards = ends.flatMap(({ socket, path }) => ["-L", `${path}:${socket}`]);
  // Found out within a quarter of a minute when the line is dead. A forward of the user's own may be taken already.
  const lasting = ["ServerAliveInterval=5", "ServerAliveCountMax=3", "ExitOnForwardFailure=no"].flatMap((each) => [
    "-o",
    each,
  ]);
  const script = join(import.meta.dirname, "tunnel.sh");
  const child = spawn("sh", [script, folder, ...sshOptions, ...lasting, ...forwards, ...sshArguments(ssh)], {
    detached: true,
    env: { ...process.env, LC_ALL: "C" },
    stdio: ["pipe", "ignore", "pipe"],
  });
  let said = "";
  let ended = false;
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = `${said}${text}`.slice(-10_000);
  });
  child.once("close", () => {
    ended = true;
  });
  child.stdin.on("error", () => undefined);
  const until = Date.now() + openWithinMs;
  while (!ends.every(({ path }) => existsSync(path))) {
    if (ended || Date.now() > until) {
      child.stdin.destroy();
      rmSync(folder, { recursive: true, force: true });
      throw sshError(ssh, ended ? said : `${said}\nno tunnel within ${openWithinMs / 1000} s`);
    }
    await sleep(20);
  }
  child.once("close", () => tellLost(ssh, said));
  letGo(child);
  return ends.map(({ socket, path }) => ({ host: `unix://${path}`, socket, said: () => said }));
}

/** This process may end while the tunnel is open. */
function letGo(child: ReturnType<typeof spawn>): void {
  child.unref();
  for (const stream of [child.stdin, child.stderr]) (stream as unknown as { unref(): void } | null)?.unref();
}

function tellLost({ destination }: SshHost, said: string): void {
  const last = said.trim().split("\n").at(-1);
  say(
    `the ssh connection to ${destination} is lost${last ? ` (${last})` : ""}: what is still to be done on its engine fails. Run the same command again when that machine can be reached; it goes on from there`,
  );
}
