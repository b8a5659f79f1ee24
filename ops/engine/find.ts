// Finds the Docker engine that the stack runs on.
import { userInfo } from "node:os";
import { join } from "node:path";
import { EngineError } from "../../lib/engine/connection-error.ts";
import { defaultHost } from "../../lib/engine/docker-host.ts";
import { connect, type Engine } from "./connect.ts";

/**
 * The engine to use. DOCKER_HOST decides alone when it is set; otherwise the first that answers.
 * @param env @default process.env
 * @throws EngineError about the engine that came nearest to working
 */
export async function findEngine(env: NodeJS.ProcessEnv = process.env): Promise<Engine> {
  const errors: EngineError[] = [];
  for (const host of candidateHosts(env)) {
    try {
      return await connect(host, env);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      errors.push(error);
    }
  }
  throw errors.find(({ fault }) => fault !== "absent") ?? errors[0];
}

/** The addresses to try, in this order: DOCKER_HOST alone, or the machine's socket and then the rootless one. Pure. */
export function candidateHosts(env: NodeJS.ProcessEnv): string[] {
  if (env.DOCKER_HOST) return [env.DOCKER_HOST];
  const runtime = env.XDG_RUNTIME_DIR || `/run/user/${userInfo().uid}`;
  return [defaultHost, `unix://${join(runtime, "docker.sock")}`];
}
