// Cleans up after an update that ended without saying how: its lock, its pending operations, what it left on the engine.
import { existsSync, globSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import type { StackConfig } from "../../components/config/keys/base.ts";
import { clearLeftovers } from "../../components/engine/tasks/leftovers.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { label } from "../../lib/labels.ts";
import { processOf } from "../../lib/processes.ts";
import { say } from "../../lib/progress.ts";
import { project, stateDir } from "../paths.ts";
import { ownStateId, usesLocalBackend } from "./backend.ts";
import { capturePulumi, type PulumiCli } from "./cli.ts";
import { readState, type StackState } from "./state.ts";

/** What Pulumi writes into a lock of the local backend. */
interface PulumiLock {
  pid: number;
  username: string;
  hostname: string;
  timestamp: string;
}

/**
 * Removes Pulumi's locks on a stack whose process is gone; only of the local backend, where they are files.
 * @throws XnaiError (busy) when another run is at work
 */
export function releaseDeadLocks(stack: string): void {
  if (!usesLocalBackend()) return;
  const folder = join(stateDir, ".pulumi", "locks", "organization", project, stack);
  for (const file of existsSync(folder) ? globSync("*.json", { cwd: folder }) : []) {
    const path = join(folder, file);
    const lock = readLock(stack, path);
    if (lock.hostname !== hostname() || isHeld(lock)) throw busy(stack, lock);
    for (const leftOver of [path, `${path}.attrs`]) rmSync(leftOver, { force: true });
    say(`an earlier run (process ${lock.pid}) ended without cleaning up: its lock is released`);
  }
}

/** @throws XnaiError (busy) when nobody can tell whose it is */
function readLock(stack: string, path: string): PulumiLock {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as PulumiLock;
  } catch (error) {
    throw new XnaiError(
      exitCode.busy,
      `Pulumi's lock of stack ${stack} is damaged, so that nobody can tell whether another run is at work: ${(error as Error).message}`,
      `If no pulumi works on this clone, remove it and run the same command again: rm "${path}"`,
    );
  }
}

/**
 * A process that started later than its lock was made, by more than this, is another one that got the same number. Not
 * zero, because the clock may have been set since the machine booted.
 */
const clockSlackMilliseconds = 60_000;

function isHeld({ pid, timestamp }: PulumiLock): boolean {
  const holder = processOf(pid);
  return holder !== undefined && holder.started < Date.parse(timestamp) + clockSlackMilliseconds;
}

function busy(stack: string, lock: PulumiLock): XnaiError {
  return new XnaiError(
    exitCode.busy,
    `Another run is at work on stack ${stack}: process ${lock.pid} of ${lock.username} on ${lock.hostname}, since ${lock.timestamp}.`,
    lock.hostname === hostname()
      ? "Wait until it has ended, then run the same command again."
      : `Wait until it has ended. If ${lock.hostname} is gone for good: npx xnai env, then pulumi cancel --stack ${stack}.`,
  );
}

/**
 * Removes what an interrupted update left on the engine: containers of tasks, and containers and networks of this stack that
 * were being created; never volumes. Then clears the pending operations from state.
 * @returns the state after the clearing
 * @throws XnaiError (failed) when state cannot be cleared
 */
export async function clearInterrupted(
  docker: Docker,
  stack: string,
  config: StackConfig,
  state: StackState,
  cli: PulumiCli,
): Promise<StackState> {
  await clearLeftovers(docker, leftoversOf(stack, config));
  if (state.pending.length === 0) return state;
  await removeHalfMade(docker, config, state);
  const { exitCode: code, stderr } = await capturePulumi(
    ["refresh", "--stack", stack, "--yes", "--skip-preview", "--clear-pending-creates"],
    cli,
  );
  if (code !== 0)
    throw new XnaiError(
      exitCode.failed,
      `State of stack ${stack} still holds operations of an interrupted run: ${stderr.trim()}`,
      `Look at it with: pulumi stack export --stack ${stack}`,
    );
  return readState(stack, cli);
}

/**
 * Clears up at the end of an update that failed: one that was interrupted may have left a task at work, whose end is waited
 * for. Nothing of it is needed for the next update, which does the same; so an engine that has gone away is no error here.
 */
export async function clearFailed(docker: Docker, stack: string, config: StackConfig): Promise<void> {
  releaseDeadLocks(stack);
  await clearLeftovers(docker, leftoversOf(stack, config)).catch(() => undefined);
}

const leftoversOf = (stack: string, { taskTimeoutSeconds }: StackConfig) => ({
  state: ownStateId(stack),
  waitSeconds: taskTimeoutSeconds,
  say,
});

async function removeHalfMade(docker: Docker, config: StackConfig, state: StackState): Promise<void> {
  const filters = { label: [`${label.stack}=${config.prefix}`] };
  const names = namesBeingCreated(state);
  const known = new Set(state.resources.map(({ id }) => id));
  for (const { Id, Names } of await docker.listContainers({ all: true, filters })) {
    const name = Names.map((item) => item.slice(1)).find((item) => names.has(item));
    if (name === undefined || known.has(Id)) continue;
    const container = docker.getContainer(Id);
    await container.stop({ t: 30 }).catch(() => undefined);
    await container.remove({ force: true });
    say(`container ${name}, left half-made by an interrupted run, is removed`);
  }
  for (const { Id, Name } of await docker.listNetworks({ filters })) {
    if (!names.has(Name) || known.has(Id)) continue;
    await docker.getNetwork(Id).remove();
    say(`network ${Name}, left half-made by an interrupted run, is removed`);
  }
}

/** Names of what an interrupted update may have made on the engine without recording it. */
function namesBeingCreated(state: StackState): Set<string> {
  return new Set(
    state.pending.flatMap(({ type, resource }) =>
      type === "creating" && typeof resource.inputs?.name === "string" ? [resource.inputs.name] : [],
    ),
  );
}
