// Connects to one engine over its API, and makes sure that the stack can run on it.
import { setTimeout as sleep } from "node:timers/promises";
import Dockerode from "dockerode";
import { askTraits } from "../../../components/engine/api/traits.ts";
import { connectionError, EngineError } from "../../../lib/engine/connection-error.ts";
import { certificates, dockerOptions } from "../../../lib/engine/docker-host.ts";
import type { GivenHost } from "../../../lib/engine/given-host.ts";
import type { SshHost } from "../../../lib/engine/ssh-host.ts";
import { type EngineTraits, isPodman, type VersionAnswer } from "../../../lib/engine/traits.ts";
import { isBefore, numbersOf } from "../../../lib/engine/versions.ts";
import { XnaiError } from "../../../lib/errors.ts";
import { say } from "../../../lib/progress.ts";
import { sshError } from "../remote/ssh-error.ts";
import type { Tunnelled } from "../remote/tunnel.ts";

/** An engine that answered. */
export interface Engine {
  /** The address as DOCKER_HOST and the Pulumi provider take it, such as `unix:///var/run/docker.sock`. */
  readonly host: string;
  /** A client for its API. */
  readonly docker: Dockerode;
  /** The engine's version, such as `20.10.24`. */
  readonly version: string;
  /** Such as `1.41`. */
  readonly apiVersion: string;
  /** What it is. */
  readonly traits: EngineTraits;
  /** Whether it is on this machine. */
  readonly local: boolean;
  /** Folder of the certificates, of an engine that is reached over TLS. */
  readonly certPath?: string;
  /** The machine that it is on, where a tunnel leads to it. */
  readonly ssh?: SshHost;
}

/** Docker 20.10: the oldest engine that the stack is tested on. */
const oldestApi = [1, 41] as const;

/** What the Docker provider speaks (airgap/toolchain/providers/go.mod: docker 28.5); an engine answers to it for years. */
const providersApi = [1, 51] as const;

/** Podman 4.9: not tested itself; what the stack asks of Podman 5 is there. */
const oldestPodman = [4, 9] as const;

/** How long an engine may take to answer, milliseconds: a machine under load takes several seconds over /info. */
const patience = { tellAfterMs: 3_000, giveUpAfterMs: 60_000 };

/** How to reach an engine. */
export interface ConnectOptions {
  /** For the certificates of an address that nobody's context gave. @default process.env */
  env?: NodeJS.ProcessEnv;
  /** Who named it and by what (lib/engine/given-host.ts). @default nobody did */
  given?: GivenHost | undefined;
  /** The tunnel that leads to it. @default the address itself does */
  tunnel?: Tunnelled & { ssh: SshHost };
  /** @default a line after 3 s, the end after a minute */
  waiting?: typeof patience;
}

/**
 * Connects to one engine and makes sure that the stack can run on it.
 * @throws EngineError
 */
export async function connect(host: string, options: ConnectOptions = {}): Promise<Engine> {
  const { env = process.env, given, tunnel, waiting = patience } = options;
  const certPath = given?.certPath ?? certificates(env);
  const title = tunnel ? `ssh://${tunnel.ssh.destination}${tunnel.socket}` : host;
  const docker = new Dockerode(dockerOptions(host, certPath));
  const slow = setTimeout(
    () => say(`the engine at ${title} takes its time; waiting up to ${waiting.giveUpAfterMs / 1000} s for it`),
    waiting.tellAfterMs,
  );
  try {
    const { version, traits } = await askTraits(docker, AbortSignal.timeout(waiting.giveUpAfterMs));
    refuseUnsupported(title, version);
    const { Version = "", ApiVersion = "" } = version;
    return {
      host,
      docker,
      version: Version,
      apiVersion: ApiVersion,
      traits,
      local: host.startsWith("unix://") && !tunnel,
      ...(tunnel && { ssh: tunnel.ssh }),
      ...(certPath && { certPath }),
    };
  } catch (error) {
    if (error instanceof XnaiError) throw error;
    // What ssh says comes a moment after the connection that it ends.
    if (tunnel) await sleep(200);
    if (tunnel?.said()) throw sshError(tunnel.ssh, tunnel.said());
    const about = { waitedMs: waiting.giveUpAfterMs, from: given?.from };
    throw connectionError(title, error as NodeJS.ErrnoException, about);
  } finally {
    clearTimeout(slow);
  }
}

/** @throws EngineError for an engine that is too old */
function refuseUnsupported(host: string, version: VersionAnswer): void {
  const tooOld = (what: string, oldest: string, name: string) =>
    new EngineError(
      "unsupported",
      `The ${name} engine at ${host} is version ${what}; ${oldest} is the oldest that works.`,
      `Update ${name} on that machine.`,
    );
  if (isPodman(version)) {
    if (isBefore(version.Version, oldestPodman)) throw tooOld(`${version.Version}`, oldestPodman.join("."), "Podman");
    return;
  }
  if (isBefore(version.ApiVersion, oldestApi))
    throw tooOld(`${version.Version} (API ${version.ApiVersion})`, "20.10 (API 1.41)", "Docker");
  if (isBefore(providersApi.join("."), numbersOf(version.MinAPIVersion)))
    throw new EngineError(
      "unsupported",
      `The Docker engine at ${host} is version ${version.Version}, which answers to API ${version.MinAPIVersion} or newer; this stack speaks ${providersApi.join(".")}.`,
      "Update this clone; or let the engine answer to older ones: DOCKER_MIN_API_VERSION in the environment of dockerd.",
    );
}
