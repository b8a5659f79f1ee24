// A place of one test file on the engine: volumes, networks and containers of its own, removed at the end.
import { randomBytes } from "node:crypto";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import Dockerode from "dockerode";
import { pack } from "tar-stream";
import { ensureImages } from "../../airgap/images/index.ts";
import { type ImageName, localImage } from "../../airgap/images/names.ts";
import { logOf, logWith } from "../support/data.ts";

export interface Run {
  readonly image: ImageName;
  readonly entrypoint?: string[];
  readonly cmd?: string[];
  readonly env?: Record<string, string>;
  /** `UID:GID`, "" for the image's own. @default 1000:1000 */
  readonly user?: string;
  /** `VOLUME:PATH[:ro]` */
  readonly volumes?: string[];
  /** Path -> options. */
  readonly tmpfs?: Record<string, string>;
  readonly network?: string;
  readonly alias?: string;
  /** @default true */
  readonly readOnly?: boolean;
  /** @default all dropped; `engine` leaves the engine's own set */
  readonly capabilities?: string[] | "engine";
  readonly memoryMiB?: number;
  /** Engine's health check. */
  readonly healthcheck?: Dockerode.HealthConfig;
}

export interface Ended {
  readonly code: number;
  readonly log: string;
}

export class Lab {
  readonly docker = new Dockerode();
  readonly #prefix = `standin_${randomBytes(3).toString("hex")}`;
  readonly #containers = new Set<Dockerode.Container>();
  readonly #volumes = new Set<string>();
  readonly #networks = new Set<string>();

  static async with(...images: ImageName[]): Promise<Lab> {
    const lab = new Lab();
    await ensureImages({ docker: lab.docker, names: images });
    return lab;
  }

  async volume(title: string): Promise<string> {
    const name = `${this.#prefix}_${title}`;
    await this.docker.createVolume({ Name: name });
    this.#volumes.add(name);
    return name;
  }

  async network(title: string): Promise<string> {
    const name = `${this.#prefix}_${title}`;
    await this.docker.createNetwork({ Name: name, Driver: "bridge", Internal: true });
    this.#networks.add(name);
    return name;
  }

  async start(run: Run): Promise<Running> {
    const [capDrop, capAdd] = run.capabilities === "engine" ? [[], []] : [["ALL"], run.capabilities ?? []];
    const container = await this.docker.createContainer({
      name: `${this.#prefix}_${run.alias ?? run.image}_${randomBytes(2).toString("hex")}`,
      Image: localImage(run.image),
      User: run.user ?? "1000:1000",
      Env: Object.entries(run.env ?? {}).map(([name, value]) => `${name}=${value}`),
      ...(run.entrypoint && { Entrypoint: run.entrypoint }),
      ...(run.cmd && { Cmd: run.cmd }),
      ...(run.healthcheck && { Healthcheck: run.healthcheck }),
      HostConfig: {
        Binds: run.volumes ?? [],
        Tmpfs: run.tmpfs ?? {},
        ReadonlyRootfs: run.readOnly ?? true,
        CapDrop: capDrop,
        CapAdd: capAdd,
        SecurityOpt: ["no-new-privileges"],
        NetworkMode: run.network ?? "none",
        // As in the stack: nothing leaves this host, not even a question for a name.
        ...(run.network && { Dns: ["127.0.0.1"], Sysctls: { "net.ipv4.ip_default_ttl": "1" } }),
        ...(run.memoryMiB && { Memory: run.memoryMiB << 20, MemorySwap: run.memoryMiB << 20 }),
      },
      ...(run.network &&
        run.alias && { NetworkingConfig: { EndpointsConfig: { [run.network]: { Aliases: [run.alias] } } } }),
    });
    this.#containers.add(container);
    await container.start();
    return new Running(container);
  }

  /** Runs to the end. */
  async run(run: Run, seconds = 30): Promise<Ended> {
    const running = await this.start(run);
    const ended = await running.ended(seconds);
    await this.remove(running);
    return ended;
  }

  /** A shell command of root on a volume at /v, to arrange a case. */
  async arrange(volume: string, command: string): Promise<string> {
    const script = `set -e; cd /v; ${command}`;
    const { code, log } = await this.run({
      image: "busybox",
      cmd: ["sh", "-c", script],
      user: "0:0",
      volumes: [`${volume}:/v`],
      capabilities: "engine",
    });
    if (code !== 0) throw new Error(`${command}: exit ${code}: ${log}`);
    return log;
  }

  /** Writes files into a volume, 0440 and owned by `uid`, as the stack's configuration volumes are. */
  async files(volume: string, files: Record<string, string>, uid = 1000): Promise<void> {
    const container = await this.docker.createContainer({
      Image: localImage("busybox"),
      HostConfig: { Binds: [`${volume}:/v`] },
    });
    this.#containers.add(container);
    const tar = pack();
    for (const [name, content] of Object.entries(files)) tar.entry({ name, uid, gid: uid, mode: 0o440 }, content);
    tar.finalize();
    await container.putArchive(tar as unknown as NodeJS.ReadableStream, { path: "/v" });
    await container.remove({ force: true });
    this.#containers.delete(container);
  }

  async remove(running: Running): Promise<void> {
    await running.container.remove({ force: true });
    this.#containers.delete(running.container);
  }

  /** Removes every container that is left, such as those of a test that failed, but not `kept`. */
  async removeAll(kept?: Running): Promise<void> {
    for (const container of this.#containers) {
      if (container.id === kept?.container.id) continue;
      await container.remove({ force: true, v: true }).catch(() => {});
      this.#containers.delete(container);
    }
  }

  async clean(): Promise<void> {
    await this.removeAll();
    for (const network of this.#networks) await this.docker.getNetwork(network).remove();
    for (const volume of this.#volumes) await this.docker.getVolume(volume).remove();
  }
}

export class Running {
  readonly container: Dockerode.Container;

  constructor(container: Dockerode.Container) {
    this.container = container;
  }

  log(): Promise<string> {
    return logOf(this.container);
  }

  /** Its log, once the text is in it. */
  logWith(text: string): Promise<string> {
    return logWith(this.container, text);
  }

  async ended(seconds = 30): Promise<Ended> {
    const late = AbortSignal.timeout(seconds * 1000);
    const { StatusCode } = await this.container.wait({ abortSignal: late }).catch(async (error) => {
      throw late.aborted ? new Error(`still running after ${seconds} s: ${await this.log()}`) : error;
    });
    return { code: StatusCode, log: await this.log() };
  }

  async signal(name: string): Promise<Ended> {
    await this.container.kill({ signal: name });
    return this.ended();
  }

  async exec(...command: string[]): Promise<Ended> {
    const exec = await this.container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
    const stream = await exec.start({});
    const out = new PassThrough();
    this.container.modem.demuxStream(stream, out, out);
    stream.on("end", () => out.end());
    const log = await text(out);
    const { ExitCode } = await exec.inspect();
    return { code: ExitCode ?? -1, log };
  }

  /** The container's address on its one network; the host reaches it through the bridge. */
  async address(): Promise<string> {
    const { NetworkSettings } = await this.container.inspect();
    const [network] = Object.values(NetworkSettings.Networks);
    if (!network?.IPAddress) throw new Error(`no address: ${await this.log()}`);
    return network.IPAddress;
  }

  /** Waits until `path` answers 200; fails at once when the container has ended. @returns milliseconds since now */
  async ready(url: string, seconds = 30): Promise<number> {
    const started = performance.now();
    while (performance.now() - started < seconds * 1000) {
      if ((await fetch(url).catch(() => undefined))?.status === 200) return performance.now() - started;
      const { State } = await this.container.inspect();
      if (!State.Running) throw new Error(`ended with ${State.ExitCode}: ${await this.log()}`);
      await sleep(50);
    }
    throw new Error(`not ready after ${seconds} s: ${await this.log()}`);
  }
}
