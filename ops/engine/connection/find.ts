// Finds the engine that the stack runs on.
import { userInfo } from "node:os";
import { resolve } from "node:path";
import { EngineError } from "../../../lib/engine/connection-error.ts";
import { engineSockets } from "../../../lib/engine/docker-host.ts";
import { type GivenHost, givenHost } from "../../../lib/engine/given-host.ts";
import { isSsh, sshHost } from "../../../lib/engine/ssh-host.ts";
import { type EngineTraits, engineName } from "../../../lib/engine/traits.ts";
import { socketsThere } from "../remote/sockets.ts";
import { openTunnel } from "../remote/tunnel.ts";
import { connect, type Engine } from "./connect.ts";
import { checkIsHome, checkKind, type Home, isHome } from "./home.ts";

/** Which engine. */
export interface FindOptions {
  /** @default process.env */
  env?: NodeJS.ProcessEnv;
  /** Only one of this kind (`--engine`). @default any */
  kind?: EngineTraits["kind"] | undefined;
  /** Where the stack lives. @default nowhere yet */
  home?: Home | undefined;
  /** Where engines listen on a machine. @default engineSockets */
  sockets?: readonly string[];
}

/**
 * The engine to use. What the user names decides alone; otherwise the one on which the stack lives, or the first that answers:
 * Docker before Podman.
 * @throws EngineError about the engine that came nearest to working, or about one that is not the stack's own
 */
export async function findEngine(options: FindOptions = {}): Promise<Engine> {
  const { env = process.env, kind, home, sockets = engineSockets } = options;
  checkKind(home, kind);
  const given = givenHost(env);
  const attempts = given
    ? await attemptsAt(given, env, sockets)
    : candidateHosts(env, sockets).map((host) => () => connect(host, { env }));
  const wanted = (engine: Engine) =>
    kind === undefined ? !home || isHome(home, engine.traits) : engine.traits.kind === kind;
  const { engine, others, errors } = await firstOf(attempts, wanted);
  const found = engine ?? others[0];
  if (!found) throw errors.find(({ fault }) => fault !== "absent") ?? errors[0];
  if (kind !== undefined && found.traits.kind !== kind) throw notThisKind(kind, found, errors);
  checkIsHome(home, found);
  return found;
}

/** The addresses to try on this machine, in this order: of each engine the machine's own, and then that of the user. Pure. */
export function candidateHosts(env: NodeJS.ProcessEnv, sockets = engineSockets): string[] {
  const runtime = env.XDG_RUNTIME_DIR || `/run/user/${userInfo().uid}`;
  return sockets.map((socket) => `unix://${resolve(runtime, socket)}`);
}

type Attempt = () => Promise<Engine>;

async function attemptsAt(given: GivenHost, env: NodeJS.ProcessEnv, sockets: readonly string[]): Promise<Attempt[]> {
  if (!isSsh(given.host)) return [() => connect(given.host, { env, given })];
  const ssh = sshHost(given.host);
  const tunnels = await openTunnel(ssh, await socketsThere(ssh, sockets));
  return tunnels.map((each) => () => connect(each.host, { given, tunnel: { ...each, ssh } }));
}

/** The first that answers and is wanted, and what answered or failed before it. */
async function firstOf(attempts: readonly Attempt[], wanted: (engine: Engine) => boolean) {
  const errors: EngineError[] = [];
  const others: Engine[] = [];
  for (const attempt of attempts) {
    try {
      const engine = await attempt();
      if (wanted(engine)) return { engine, others, errors };
      others.push(engine);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      errors.push(error);
    }
  }
  return { engine: undefined, others, errors };
}

function notThisKind(
  kind: EngineTraits["kind"],
  { traits, version, host }: Engine,
  errors: EngineError[],
): EngineError {
  const why = errors.find(({ fault }) => fault !== "absent");
  return new EngineError(
    why?.fault ?? "absent",
    `--engine ${kind} asks for ${engineName({ kind })}, and what answers is ${engineName(traits)} ${version} at ${host}.${why ? ` ${why.message}` : ""}`,
    `Start ${engineName({ kind })} (${kind === "podman" ? "systemctl --user enable --now podman.socket" : "systemctl enable --now docker"}), or leave --engine out. Nothing was changed.`,
  );
}
