// Connects to one Docker engine over its API, and says in one sentence what is wrong with it and what to do.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Dockerode from "dockerode";
import { exitCode, XnaiError } from "../../lib/errors.ts";

export interface Engine {
  /** The address as DOCKER_HOST and the Pulumi provider take it, such as `unix:///var/run/docker.sock`. */
  readonly host: string;
  readonly docker: Dockerode;
  /** The engine's version, such as `20.10.24`. */
  readonly version: string;
  /** Such as `1.41`. */
  readonly apiVersion: string;
  /** Whether it runs without root, in a user namespace. */
  readonly rootless: boolean;
  /** Whether it is reached over a socket of this machine. */
  readonly local: boolean;
}

/** `absent`: no socket; `stopped`: a socket that nobody listens on; `denied`: no permission; `unanswered`: no sensible answer. */
export type EngineFault = "absent" | "stopped" | "denied" | "unanswered" | "unsupported";

export class EngineError extends XnaiError {
  readonly fault: EngineFault;

  constructor(fault: EngineFault, message: string, fix: string, options?: ErrorOptions) {
    super(exitCode.machine, message, fix, options);
    this.fault = fault;
  }
}

/** Docker 20.10: the oldest engine that the stack is tested on. */
const oldestApi = [1, 41] as const;
const answerWithinMs = 5000;

/** Options of dockerode's calls that its types lack. */
interface Abortable {
  version(options: { abortSignal: AbortSignal }): Promise<Dockerode.DockerVersion>;
  info(options: { abortSignal: AbortSignal }): Promise<{ SecurityOptions?: string[] }>;
}

/** Connects to one engine and makes sure that the stack can run on it. @throws EngineError (3) */
export async function connect(host: string, env: NodeJS.ProcessEnv = process.env): Promise<Engine> {
  const docker = new Dockerode(connection(host, env));
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
    };
  } catch (error) {
    throw error instanceof XnaiError ? error : connectionError(host, env, error as NodeJS.ErrnoException);
  }
}

/** Pure: an address as dockerode wants it. @throws EngineError when it is no way to a Docker engine that is safe */
export function connection(host: string, env: NodeJS.ProcessEnv): Dockerode.DockerOptions {
  const url = URL.canParse(host) ? new URL(host) : undefined;
  if (url?.protocol === "unix:" && url.pathname.length > 1) {
    return { socketPath: decodeURIComponent(host.slice("unix://".length)) };
  }
  if (url?.protocol === "tcp:" && env.DOCKER_TLS_VERIFY && env.DOCKER_CERT_PATH) {
    const [ca, cert, key] = ["ca", "cert", "key"].map((name) =>
      readPem(join(env.DOCKER_CERT_PATH ?? "", `${name}.pem`)),
    );
    return { protocol: "https", host: url.hostname, port: url.port || 2376, ca, cert, key };
  }
  if (url?.protocol === "tcp:") {
    throw new EngineError(
      "unsupported",
      `DOCKER_HOST=${host} is not encrypted: whoever can reach or listen on that port controls the whole machine.`,
      "Set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH (ca.pem, cert.pem, key.pem), or use the engine's unix socket.",
    );
  }
  throw new EngineError(
    "unsupported",
    `DOCKER_HOST=${host} is not an address this can use.`,
    "Use unix:///path/to/docker.sock, or tcp://host:2376 with DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH; unset it for the engine of this machine.",
  );
}

function readPem(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new EngineError(
      "unsupported",
      `The certificate file ${file} (DOCKER_CERT_PATH) cannot be read.`,
      "Put ca.pem, cert.pem and key.pem there, readable by you.",
      { cause: error },
    );
  }
}

/** Pure: Podman and engines that are too old are refused. @throws EngineError */
export function refuseUnsupported(host: string, version: Dockerode.DockerVersion): void {
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

/** Pure: what a failed connection means and what to do. */
export function connectionError(host: string, env: NodeJS.ProcessEnv, error: NodeJS.ErrnoException): EngineError {
  const set = env.DOCKER_HOST ? "Check DOCKER_HOST, or unset it to use the engine of this machine." : undefined;
  const make = (fault: EngineFault, message: string, fix: string) =>
    new EngineError(fault, message, fix, { cause: error });
  switch (error.code) {
    case "ENOENT":
      return make(
        "absent",
        `No Docker engine: ${host} does not exist.`,
        set ??
          "Run `npm run up -- --yes` as root: it installs one on Debian and Ubuntu. Or install Docker and start it.",
      );
    case "EACCES":
    case "EPERM":
      return make(
        "denied",
        `No permission to use the Docker engine at ${host}.`,
        "Join its group (sudo usermod -aG docker $USER, then log in again; members of it can become root), or run rootless Docker (dockerd-rootless-setuptool.sh install).",
      );
    case "ECONNREFUSED":
      return make(
        "stopped",
        `The Docker engine at ${host} is not running.`,
        set ?? "Start it (sudo systemctl start docker), or run `npm run up -- --yes` as root, which does.",
      );
    default:
      return make(
        "unanswered",
        error.name === "AbortError" || error.name === "TimeoutError"
          ? `The Docker engine at ${host} did not answer within ${answerWithinMs / 1000} s.`
          : `The Docker engine at ${host} cannot be used: ${error.message}`,
        set ?? "Look at its log (journalctl -u docker), then restart it (sudo systemctl restart docker).",
      );
  }
}
