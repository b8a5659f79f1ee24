// Cleans up after an update that ended without saying how: its lock, its pending operations, what it left on the engine.
import { existsSync, globSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import type { StackConfig } from "../../components/config/schema.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { label } from "../../lib/labels.ts";
import { processOf } from "../../lib/processes.ts";
import { say } from "../../lib/progress.ts";
import { project, stateDir } from "../context.ts";
import { capturePulumi, type PulumiEnv } from "./cli.ts";
import { containerIds } from "./resources.ts";
import { localBackend, readState, type StackState } from "./state.ts";

/** What Pulumi writes into a lock of the local backend. */
interface Lock {
  pid: number;
  username: string;
  hostname: string;
  timestamp: string;
}

/** Younger than the lock by more than a minute (clocks are set at boot): another process that got the same number. */
const clockSlackMilliseconds = 60_000;

function atWork({ pid, timestamp }: Lock): boolean {
  const holder = processOf(pid);
  return holder !== undefined && holder.started < Date.parse(timestamp) + clockSlackMilliseconds;
}

/**
 * Removes locks of the local backend whose process is gone.
 * @throws XnaiError (busy) when another run is at work
 */
export function releaseDeadLocks(stack: string): void {
  if (!localBackend()) return;
  const folder = join(stateDir, ".pulumi", "locks", "organization", project, stack);
  for (const file of existsSync(folder) ? globSync("*.json", { cwd: folder }) : []) {
    const path = join(folder, file);
    const lock = JSON.parse(readFileSync(path, "utf8")) as Lock;
    if (lock.hostname !== hostname() || atWork(lock))
      throw new XnaiError(
        exitCode.busy,
        `Another run is at work on stack ${stack}: process ${lock.pid} of ${lock.username} on ${lock.hostname}, since ${lock.timestamp}.`,
        lock.hostname === hostname()
          ? "Wait until it has ended, then run the same command again."
          : `Wait until it has ended. If ${lock.hostname} is gone for good: npx xnai env, then pulumi cancel --stack ${stack}.`,
      );
    for (const leftOver of [path, `${path}.attrs`]) rmSync(leftOver, { force: true });
    say(`an earlier run (process ${lock.pid}) ended without cleaning up: its lock is released`);
  }
}

/** Names of the things on the engine that an interrupted update may have made without recording them. */
const pendingNames = (state: StackState) =>
  state.pending.flatMap(({ type, resource }) =>
    type === "creating" && typeof resource.inputs?.name === "string" ? [resource.inputs.name] : [],
  );

/**
 * Containers and networks that carry this stack's label and were being created when the update was interrupted; never
 * volumes. Then the pending operations are cleared from state.
 * @returns the state after the cleaning
 */
export async function clearInterrupted(
  docker: Docker,
  stack: string,
  config: StackConfig,
  state: StackState,
  env: PulumiEnv,
): Promise<StackState> {
  if (state.pending.length === 0) return state;
  const filters = { label: [`${label.stack}=${config.prefix}`] };
  const names = new Set(pendingNames(state));
  const own = containerIds(state);
  for (const { Id, Names } of await docker.listContainers({ all: true, filters })) {
    const name = Names.map((item) => item.slice(1)).find((item) => names.has(item));
    if (name === undefined || own.has(Id)) continue;
    const container = docker.getContainer(Id);
    await container.stop({ t: 30 }).catch(() => undefined);
    await container.remove({ force: true });
    say(`container ${name}, left half-made by an interrupted run, is removed`);
  }
  const known = new Set(state.resources.map(({ id }) => id));
  for (const { Id, Name } of await docker.listNetworks({ filters })) {
    if (!names.has(Name) || known.has(Id)) continue;
    await docker.getNetwork(Id).remove();
    say(`network ${Name}, left half-made by an interrupted run, is removed`);
  }
  const { exitCode: code, stderr } = await capturePulumi(
    ["refresh", "--stack", stack, "--yes", "--skip-preview", "--clear-pending-creates"],
    env,
  );
  if (code !== 0)
    throw new XnaiError(
      exitCode.failed,
      `State of stack ${stack} still holds operations of an interrupted run: ${stderr.trim()}`,
      `Look at it with: pulumi stack export --stack ${stack}`,
    );
  return readState(stack, env);
}
