// Which engine the user has named, by the means of Docker's and Podman's own commands.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { EngineError } from "./connection-error.ts";
import { isSsh, machineVariable } from "./ssh-host.ts";

/** An engine that somebody named. */
export interface GivenHost {
  host: string;
  /** Where it was named, for messages: `DOCKER_HOST`, `CONTAINER_HOST`, `the Docker context box`. */
  from: string;
  /** Folder of the certificates, of a context with TLS. */
  certPath?: string;
}

/**
 * The engine that is named, in the order in which Docker's command looks (DOCKER_HOST, DOCKER_CONTEXT, the context in use),
 * with Podman's CONTAINER_HOST before the context in use, because somebody set it; undefined when nobody named any.
 * @throws EngineError for a context that is not there
 */
export function givenHost(env: NodeJS.ProcessEnv): GivenHost | undefined {
  if (env.DOCKER_HOST) return { host: env.DOCKER_HOST, from: "DOCKER_HOST" };
  if (env.DOCKER_CONTEXT) return contextHost(env, env.DOCKER_CONTEXT, "DOCKER_CONTEXT");
  if (env.CONTAINER_HOST) return { host: env.CONTAINER_HOST, from: "CONTAINER_HOST" };
  const current = read<{ currentContext?: string }>(join(dockerFolder(env), "config.json"))?.currentContext;
  return current ? contextHost(env, current, join(dockerFolder(env), "config.json")) : undefined;
}

/** Whether the engine is on another machine, so that nothing of this one says anything about it. */
export function isElsewhere(env: NodeJS.ProcessEnv): boolean {
  if (env[machineVariable] !== undefined) return true;
  const host = givenHost(env)?.host ?? "";
  return isSsh(host) || host.startsWith("tcp://");
}

const dockerFolder = (env: NodeJS.ProcessEnv) => env.DOCKER_CONFIG || join(env.HOME || homedir(), ".docker");

/** `default` is the usual sockets. The layout is Docker's: contexts/meta/SHA256-OF-NAME/meta.json, contexts/tls/... */
function contextHost(env: NodeJS.ProcessEnv, name: string, where: string): GivenHost | undefined {
  if (name === "default") return undefined;
  const id = createHash("sha256").update(name).digest("hex");
  const contexts = join(dockerFolder(env), "contexts");
  const meta = read<{ Endpoints?: { docker?: { Host?: string } } }>(join(contexts, "meta", id, "meta.json"));
  const host = meta?.Endpoints?.docker?.Host;
  if (!host)
    throw new EngineError(
      "unsupported",
      `${where} names the Docker context ${name}, which is not there, or has no engine.`,
      "docker context ls shows which are there; docker context use default goes back to the engine of this machine.",
    );
  const certPath = join(contexts, "tls", id, "docker");
  return { host, from: `the Docker context ${name}`, ...(existsSync(join(certPath, "key.pem")) && { certPath }) };
}

function read<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch {
    return undefined;
  }
}
