// Finds the Docker engine that the stack runs on.
import { userInfo } from "node:os";
import { resolve } from "node:path";
import { EngineError } from "../../lib/engine/connection-error.ts";
import { usualSockets } from "../../lib/engine/docker-host.ts";
import { type GivenHost, givenHost } from "../../lib/engine/given-host.ts";
import { isSsh, sshHost } from "../../lib/engine/ssh-host.ts";
import { connect, type Engine } from "./connect.ts";
import { socketsThere } from "./remote/sockets.ts";
import { openTunnel } from "./remote/tunnel.ts";

/**
 * The engine to use. What the user names decides alone; otherwise the first that answers.
 * @param env @default process.env
 * @throws EngineError about the engine that came nearest to working
 */
export async function findEngine(env: NodeJS.ProcessEnv = process.env): Promise<Engine> {
  const given = givenHost(env);
  if (given && isSsh(given.host)) return await findThere(given);
  const hosts = given ? [given.host] : candidateHosts(env);
  return await firstOf(hosts.map((host) => () => connect(host, { env, given })));
}

/** The addresses to try on this machine, in this order: its own sockets, and then those of the user. Pure. */
export function candidateHosts(env: NodeJS.ProcessEnv): string[] {
  const runtime = env.XDG_RUNTIME_DIR || `/run/user/${userInfo().uid}`;
  return usualSockets.map((socket) => `unix://${resolve(runtime, socket)}`);
}

async function findThere(given: GivenHost): Promise<Engine> {
  const ssh = sshHost(given.host);
  const tunnels = await openTunnel(ssh, await socketsThere(ssh, usualSockets));
  return await firstOf(tunnels.map((each) => () => connect(each.host, { given, tunnel: { ...each, ssh } })));
}

async function firstOf(attempts: (() => Promise<Engine>)[]): Promise<Engine> {
  const errors: EngineError[] = [];
  for (const attempt of attempts) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      errors.push(error);
    }
  }
  throw errors.find(({ fault }) => fault !== "absent") ?? errors[0];
}
