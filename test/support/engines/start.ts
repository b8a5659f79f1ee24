// Starts one of the engines on a machine of its own.
import { spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import { buildGoPrograms } from "../go-programs.ts";
import type { EngineUnderTest } from "./catalogue.ts";
import { addUser, startMachine, type TestMachine } from "./machine.ts";
import { debian, debianMissing } from "./system.ts";
import { asUser, checkoutOfUser } from "./user.ts";

/** An engine that answers. */
export interface RunningEngine {
  readonly engine: EngineUnderTest;
  readonly machine: TestMachine;
  /** As it says itself. */
  readonly version: string;
  /** Ends it with all its containers, and its machine. */
  stop(): Promise<void>;
}

/** Why this machine cannot start an engine, as far as it can be seen beforehand. */
export async function cannotStart(engine: EngineUnderTest): Promise<string | undefined> {
  if (process.platform !== "linux") return "it needs Linux";
  if (process.getuid?.() !== 0) return "it needs root";
  return engine.system === "debian 13" ? debianMissing() : undefined;
}

/** @throws Error with the engine's last words */
export async function startEngine(engine: EngineUnderTest, say: (text: string) => void): Promise<RunningEngine> {
  const programs = engine.programs && (await buildGoPrograms(engine.programs, say));
  const machine = await startMachine(engine.system === "debian 13" ? await debian(say) : undefined);
  try {
    if (engine.rootless) await addUser(machine);
    const log = join(machine.folder, "engine.log");
    const output = openSync(log, "a");
    const [program, ...args] = machine.command(...startCommand(engine, machine, programs));
    spawn(program, args, { stdio: ["ignore", output, output] }).unref();
    // /run is the machine's own.
    const docker = new Docker({ socketPath: `/proc/${machine.pid}/root${engine.socket}` });
    const version = await versionOf(docker, log);
    const stop = async () => {
      // Else what they had of control groups would stay behind.
      const containers = await docker.listContainers({ all: true }).catch(() => []);
      await Promise.allSettled(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true })));
      await machine.stop();
    };
    return { engine, machine, version, stop };
  } catch (error) {
    await machine.stop();
    throw error;
  }
}

function startCommand(
  { start: [script, ...options], rootless }: EngineUnderTest,
  { folder }: TestMachine,
  programs: string | undefined,
): string[] {
  const args = programs === undefined ? options : [programs, ...options];
  const below = "test/support/engines";
  return rootless
    ? asUser(folder, ["bash", join(checkoutOfUser(folder), below, script), ...args])
    : ["bash", join(import.meta.dirname, script), ...args];
}

async function versionOf(docker: Docker, log: string): Promise<string> {
  for (let tries = 0; tries < 600; tries++) {
    const version = await docker.version().then(
      ({ Version }) => Version,
      () => undefined,
    );
    if (version !== undefined) return version;
    await sleep(100);
  }
  throw new Error(`it does not answer:\n${readFileSync(log, "utf8").slice(-2000)}`);
}
