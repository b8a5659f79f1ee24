// Connects to one Docker engine over its API, and makes sure that the stack can run on it.
import Dockerode from "dockerode";
import { askTraits } from "../../components/engine/api/traits.ts";
import { answerWithinMs, connectionError, EngineError } from "../../lib/engine/connection-error.ts";
import { dockerOptions } from "../../lib/engine/docker-host.ts";
import { type EngineTraits, isPodman, type VersionAnswer } from "../../lib/engine/traits.ts";
import { XnaiError } from "../../lib/errors.ts";

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
  /** Whether it is reached over a socket of this machine. */
  readonly local: boolean;
}

/** Docker 20.10: the oldest engine that the stack is tested on. */
const oldestApi = [1, 41] as const;

/** Podman 4.9: not tested itself; what the stack asks of Podman 5 is there. */
const oldestPodman = [4, 9] as const;

/**
 * Connects to one engine and makes sure that the stack can run on it.
 * @param env for the certificates of a `tcp://` address. @default process.env
 * @throws EngineError
 */
export async function connect(host: string, env: NodeJS.ProcessEnv = process.env): Promise<Engine> {
  const docker = new Dockerode(dockerOptions(host, env));
  try {
    const { version, traits } = await askTraits(docker, AbortSignal.timeout(answerWithinMs));
    refuseUnsupported(host, version);
    const { Version = "", ApiVersion = "" } = version;
    return { host, docker, version: Version, apiVersion: ApiVersion, traits, local: host.startsWith("unix://") };
  } catch (error) {
    throw error instanceof XnaiError ? error : connectionError(host, env, error as NodeJS.ErrnoException);
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
}

function isBefore(version = "", [major, minor]: readonly [number, number]): boolean {
  const [one = 0, two = 0] = version.split(".").map(Number);
  return one < major || (one === major && two < minor);
}
