// A real ssh server (Debian's openssh-server) on loopback, and the system's own ssh with a configuration of the test's own: what
// a user has in ~/.ssh must neither be read nor written. For e2e tests, whose network namespace it then listens in.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { vi } from "vitest";
import { endProcess } from "./test-engine.ts";

export class SshServer {
  readonly folder = mkdtempSync(join(tmpdir(), "xnai-sshd-"));
  port = 0;
  #pid = 0;

  private constructor() {}

  /** @param settings lines of sshd_config */
  static async start(settings: string[] = []): Promise<SshServer> {
    const server = new SshServer();
    server.port = await freePort();
    await server.#key("host");
    await server.#key("client");
    writeFileSync(server.#file("authorized_keys"), readFileSync(server.#file("client.pub")));
    server.trust();
    await server.restart(settings);
    return server;
  }

  /** `ssh://root@127.0.0.1:PORT`, with the path of a socket behind it where one is given. */
  address(socket = ""): string {
    return `ssh://${userInfo().username}@127.0.0.1:${this.port}${socket}`;
  }

  /** What a process needs to use this server: `ssh` first on PATH is the system's own with the test's configuration. */
  get env(): { PATH: string } {
    const bin = this.#file("bin");
    mkdirSync(bin, { recursive: true });
    const config = [
      `UserKnownHostsFile ${this.#file("known_hosts")}`,
      "GlobalKnownHostsFile /dev/null",
      `IdentityFile ${this.#file("client")}`,
      "IdentitiesOnly yes",
      "IdentityAgent none",
      "LogLevel ERROR",
    ];
    writeFileSync(this.#file("config"), `${config.join("\n")}\n`);
    writeFileSync(join(bin, "ssh"), `#!/bin/sh\nexec /usr/bin/ssh -F '${this.#file("config")}' "$@"\n`, {
      mode: 0o755,
    });
    return { PATH: `${bin}:${process.env.PATH}` };
  }

  /** The client knows this key of the server. @default its real one */
  trust(key: "host" | "client" = "host"): void {
    const [type, value] = readFileSync(this.#file(`${key}.pub`), "utf8").split(" ");
    writeFileSync(this.#file("known_hosts"), `[127.0.0.1]:${this.port} ${type} ${value}\n`);
  }

  /** The client knows no server. */
  forget(): void {
    writeFileSync(this.#file("known_hosts"), "");
  }

  /** The server takes the client's key, or none. */
  accept(accepted: boolean): void {
    writeFileSync(this.#file("authorized_keys"), accepted ? readFileSync(this.#file("client.pub")) : "");
  }

  /** Cuts every connection, and starts the server with these settings. */
  async restart(settings: string[] = []): Promise<void> {
    await this.cut();
    const config = [
      `Port ${this.port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${this.#file("host")}`,
      `AuthorizedKeysFile ${this.#file("authorized_keys")}`,
      `PidFile ${this.#file("pid")}`,
      ...["UsePAM no", "StrictModes no", "PasswordAuthentication no", "KbdInteractiveAuthentication no"],
      ...settings,
    ];
    writeFileSync(this.#file("sshd_config"), `${config.join("\n")}\n`);
    // Where sshd gives up its privileges; the distribution makes it when it starts its own.
    mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
    const log = openSync(this.#file("log"), "a");
    const child = spawn("/usr/sbin/sshd", ["-D", "-e", "-f", this.#file("sshd_config")], {
      detached: true,
      stdio: ["ignore", log, log],
    });
    child.unref();
    this.#pid = child.pid ?? 0;
    await vi.waitFor(() => answers(this.port), { timeout: 10_000, interval: 50 });
  }

  /** How many connections are open. */
  async sessions(): Promise<number> {
    return (await children(this.#pid)).length;
  }

  /** Ends the server and every connection to it, as when that machine goes away. */
  async cut(): Promise<void> {
    if (this.#pid === 0) return;
    // Each connection has processes of its own below the server's.
    const sessions = await descendants(this.#pid);
    await endProcess(this.#pid);
    for (const session of sessions) await endProcess(session, "SIGKILL");
    this.#pid = 0;
  }

  async stop(): Promise<void> {
    await this.cut();
    await rm(this.folder, { recursive: true, force: true });
  }

  #file(name: string): string {
    return join(this.folder, name);
  }

  async #key(name: string): Promise<void> {
    await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", this.#file(name)]);
  }
}

async function children(pid: number): Promise<number[]> {
  const { stdout } = await execa("ps", ["-o", "pid=", "--ppid", `${pid}`], { reject: false });
  return stdout.split("\n").flatMap((line) => (line.trim() ? [Number(line)] : []));
}

async function descendants(pid: number): Promise<number[]> {
  const own = await children(pid);
  return [...own, ...(await Promise.all(own.map(descendants))).flat()];
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}

function answers(port: number): Promise<void> {
  return new Promise((done, fail) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", fail);
    socket.once("connect", () => {
      socket.destroy();
      done();
    });
  });
}
