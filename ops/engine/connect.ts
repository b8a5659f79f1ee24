// Connects to one Docker engine over its API, and makes sure that the stack can run on it.
import Dockerode from "dockerode";
import { answerWithinMs, connectionError, EngineError } from "../../lib/engine/connection-error.ts";
import { dockerOptions } from "../../lib/engine/docker-host.ts";
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
  /** Whether it runs without root, in a user namespace. */
  readonly rootless: boolean;
  /** Whether it is reached over a socket of this machine. */
  readonly local: boolean;
  /** Whether limits of memory hold on it: not on a machine without the memory controller (cgroups). */
  readonly limitsMemory: boolean;
}

/** Docker 20.10: the oldest engine that the stack is tested on. */
const oldestApi = [1, 41] as const;

/** Options of dockerode's calls that its types lack. */
interface Abortable {
  version(options: { abortSignal: AbortSignal }): Promise<Dockerode.DockerVersion>;
  info(options: { abortSignal: AbortSignal }): Promise<{ SecurityOptions?: string[]; MemoryLimit?: boolean }>;
}

/**
 * Connects to one engine and makes sure that the stack can run on it.
 * @param env for the certificates of a `tcp://` address. @default process.env
 * @throws EngineError
 */
export async function connect(host: string, env: NodeJS.ProcessEnv = process.env): Promise<Engine> {
  const docker = new Dockerode(dockerOptions(host, env));
  const probe = docker as unknown as Abortable;
  const abortSignal = AbortSignal.timeout(answerWithinMs);
  try {
    const [version, info] = await Promise.all([probe.version({ abortSignal }), probe.info({ abortSignal })]);
    refuseUnsupported(host, version);
    return {
      host,
      docker,
      version: version.Version,
      apiVersion: version.ApiVersion,
      rootless: (info.SecurityOptions ?? []).some((option) => option.includes("rootless")),
      local: host.startsWith("unix://"),
      limitsMemory: info.MemoryLimit !== false,
    };
  } catch (error) {
    throw error instanceof XnaiError ? error : connectionError(host, env, error as NodeJS.ErrnoException);
  }
}

/** @throws EngineError for Podman, and for an engine that is too old */
function refuseUnsupported(host: string, version: Dockerode.DockerVersion): void {
  const components: { Name: string }[] = version.Components ?? [];
  if (components.some((component) => component.Name === "Podman Engine")) {
    throw new EngineError(
      "unsupported",
      `The engine at ${host} is Podman, which this stack does not run on yet.`,
      "Use a Docker engine: unset DOCKER_HOST, or point it at Docker's socket.",
    );
  }
  const [major = 0, minor = 0] = (version.ApiVersion ?? "").split(".").map(Number);
  if (major < oldestApi[0] || (major === oldestApi[0] && minor < oldestApi[1])) {
    throw new EngineError(
      "unsupported",
      `The Docker engine at ${host} is version ${version.Version} (API ${version.ApiVersion}); 20.10 (API 1.41) is the oldest that works.`,
      "Update Docker on that machine.",
    );
  }
}
