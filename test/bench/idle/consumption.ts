// How much of one core an engine and all that runs on it take.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import type { TestEngine } from "../../support/test-engine.ts";
import { type Counter, counterOf, secondsOf } from "./cgroup.ts";
import { Processes } from "./processes.ts";

/** Percent of one core. */
export interface Consumption {
  /** Container -> what ran inside it, its health checks too. */
  readonly containers: Record<string, number>;
  /** What starts and watches the containers, and runs the health checks: containerd's shims, and runc under them. */
  readonly shims: number;
  /** dockerd, containerd, and the proxies of the published ports. */
  readonly engine: number;
  readonly total: number;
}

interface Container {
  name: string;
  /** Its first process. */
  pid: number;
  counter: Counter;
}

/** Where it keeps things, and its process. */
type Engine = Pick<TestEngine, "folder" | "pid">;

/** Seconds of processor time so far. */
interface Sample {
  /** In the order of the containers. */
  containers: number[];
  shims: number;
  engine: number;
}

/**
 * Takes `seconds`, in which the engine is asked nothing.
 * @throws Error if a container ends meanwhile
 */
export async function consumption(docker: Docker, engine: Engine, seconds: number): Promise<Consumption> {
  const containers = await running(docker);
  const before = sample(containers, engine);
  const start = performance.now();
  await sleep(seconds * 1000);
  const after = sample(containers, engine);
  const perSecond = 100_000 / (performance.now() - start);
  const inside = containers.map(({ name }, at) => {
    const taken = (after.containers[at] ?? Number.NaN) - (before.containers[at] ?? Number.NaN);
    return [name, taken * perSecond] as const;
  });
  const shims = (after.shims - before.shims) * perSecond;
  const own = (after.engine - before.engine) * perSecond;
  const total = inside.reduce((sum, [, percent]) => sum + percent, shims + own);
  return { containers: Object.fromEntries(inside), shims, engine: own, total };
}

async function running(docker: Docker): Promise<Container[]> {
  const list = await docker.listContainers();
  return Promise.all(
    list.map(async ({ Id }) => {
      const { Name, State } = await docker.getContainer(Id).inspect();
      return { name: Name.slice(1), pid: State.Pid, counter: counterOf(State.Pid) };
    }),
  );
}

function sample(containers: Container[], engine: Engine): Sample {
  const processes = new Processes();
  // An engine may also use a containerd that runs on the machine anyway, and for others.
  const containerd = Number(readFileSync(join(engine.folder, "exec", "containerd", "containerd.pid"), "utf8"));
  if (processes.parentOf(containerd) !== engine.pid) throw new Error("the engine has no containerd of its own");
  const inside = containers.map(({ counter }) => secondsOf(counter));
  // A shim is the parent of a container's first process, and of whatever a health check starts in it: what the cgroup has
  // counted already is taken off.
  const shims = new Set(containers.map(({ pid }) => processes.parentOf(pid)));
  const trees = [...shims].reduce((sum, shim) => sum + processes.secondsOfTree(shim), 0);
  return {
    containers: inside,
    shims: trees - inside.reduce((sum, seconds) => sum + seconds, 0),
    engine: processes.secondsOfTree(engine.pid),
  };
}
