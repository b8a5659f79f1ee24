// Killed, and on a full disk, at random moments: afterwards one plain `up`, or the command that it names, leads to a whole stack
// with all its data. Six moments here; `npm run test:chaos` does twenty and writes their table into docs/recovery.md.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { followAdvice } from "../support/advice.ts";
import { exposure, services } from "../support/data.ts";
import { type Moment, moments, seedFrom } from "../support/moments.ts";
import { QdrantClient } from "../support/qdrant.ts";
import { TestStack } from "../support/stack.ts";

const whole = process.env.XNAI_CHAOS === "whole";
const seed = seedFrom(process.env.XNAI_CHAOS_SEED);
const count = whole ? 20 : 6;
const base = 18980;
const prefix = "e2e-chaos";
let stack: TestStack;
let state: string;
/** How long each phase takes undisturbed, milliseconds. */
const durations = {} as Record<Moment["phase"], number>;
const table: string[] = [];
let edits = 0;

const commands: Record<Moment["phase"], string[]> = {
  "first up": ["up", "--yes"],
  edit: ["up", "--yes"],
  repair: ["up", "--yes", "--repair"],
  destroy: ["destroy", "--yes"],
};

beforeAll(async () => {
  console.log(`seed ${seed}: XNAI_CHAOS_SEED=${seed} does the same again`);
  stack = await TestStack.create(prefix, { exposure: exposure(base), services: services("caddy", "redis", "qdrant") });
  state = join(stack.folder, ".xnai");
  await mkdir(state, { mode: 0o700 });
  await execa("mount", ["-t", "tmpfs", "-o", "size=64m,mode=700", "tmpfs", state]);
  for (const phase of Object.keys(commands) as Moment["phase"][]) {
    await prepare(phase);
    const start = Date.now();
    const { exitCode, all } = await stack.xnai(commands[phase]);
    expect(exitCode, all).toBe(0);
    durations[phase] = Date.now() - start;
  }
  await stack.mustUp();
});

afterAll(async () => {
  await rm(join(state, "filler"), { force: true });
  const { exitCode, all } = await stack.xnai(["destroy", "--yes", "--data"]);
  await execa("umount", ["--lazy", state], { reject: false });
  await rm(dirname(stack.folder), { recursive: true, force: true });
  expect(exitCode, all).toBe(0);
  // A run that failed is nobody's table.
  if (whole && table.length === count) await writeTable();
});

/** What the command of a phase starts from. */
async function prepare(phase: Moment["phase"]): Promise<void> {
  if (phase === "first up") {
    const { exitCode, all } = await stack.xnai(["destroy", "--yes", "--data"]);
    expect(exitCode, all).toBe(0);
    await execa("sh", ["-c", 'rm -rf "$1"/* "$1"/.pulumi', "sh", state]);
    await rm(join(stack.folder, "Pulumi.dev.yaml"));
    await stack.configure({});
  }
  if (phase === "edit") await stack.configure({ redis: { maxMemoryMiB: 64 + ++edits } });
}

/** Runs the command and disturbs it after a share of the time that it takes. @returns how it ended, in words */
async function disturb({ phase, how, share }: Moment): Promise<string> {
  const child = spawn(process.execPath, ["ops/xnai.mjs", ...commands[phase]], {
    cwd: stack.folder,
    detached: true,
    stdio: "ignore",
  });
  const ended = once(child, "exit") as Promise<[number | null]>;
  await Promise.race([sleep(share * durations[phase]), ended]);
  if (how === "kill -9") {
    if (child.exitCode === null) process.kill(-(child.pid as number), "SIGKILL");
    const [code] = await ended;
    return code === null ? "killed" : `had ended with ${code}`;
  }
  await fill();
  const [code] = await ended;
  await rm(join(state, "filler"), { force: true });
  return `exit ${code}`;
}

/** To the last byte. */
async function fill(): Promise<void> {
  const file = await open(join(state, "filler"), "w");
  try {
    for (const size of [2 ** 20, 4096]) {
      const chunk = Buffer.alloc(size, "x");
      try {
        for (;;) await file.write(chunk);
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).toBe("ENOSPC");
      }
    }
  } finally {
    await file.close();
  }
}

const qdrant = (outputs: Record<string, unknown>) =>
  new QdrantClient(`http://127.0.0.1:${base + 3}`, outputs.qdrantKey as string);
const redis = (outputs: Record<string, unknown>, ...command: string[]) =>
  stack.exec("redis", ["redis-cli", "--no-auth-warning", "-a", String(outputs.redisPassword), ...command]);

it.each(moments(seed, count))("$phase, $how after $percent of it", async (moment) => {
  const { phase, how, percent } = moment;
  if (phase !== "first up") await stack.mustUp();
  const before = phase === "first up" ? undefined : await stack.outputs();
  if (before) {
    expect((await redis(before, "SET", "kept", `${phase} ${percent}`)).stdout).toContain("OK");
    await qdrant(before)
      .create("kept")
      .catch(() => undefined);
    await qdrant(before).fill("kept", 0, 50);
  }
  await prepare(phase);
  const end = await disturb(moment);
  let way = "up";
  const next = await stack.up();
  if (next.exitCode !== 0) {
    way = await followAdvice(stack, next.all);
    const last = await stack.up();
    expect(last.exitCode, `${next.all}\n--- ${way} ---\n${last.all}`).toBe(0);
  }
  expect((await stack.xnai(["status"])).exitCode).toBe(0);
  const after = await stack.outputs();
  if (before) {
    for (const name of ["redisPassword", "qdrantKey"]) expect(after[name]).toBe(before[name]);
    expect((await redis(after, "GET", "kept")).stdout).toContain(`${phase} ${percent}`);
    expect(await qdrant(after).count("kept")).toBe(50);
  } else expect((await redis(after, "PING")).stdout).toContain("PONG");
  table.push(`| ${phase} | ${how} | ${percent} | ${end} | ${way} | ${before ? "all there" : "none yet"} |`);
});

/** The table in docs/recovery.md is what the last whole run did. */
async function writeTable(): Promise<void> {
  const page = join(import.meta.dirname, "../../docs/recovery.md");
  const rows = [
    `Seed ${seed}, with Caddy, Redis and Qdrant:`,
    "",
    "| during | by | after | it ended | then | data and passwords |",
    "|---|---|---|---|---|---|",
    ...table,
  ];
  const text = await readFile(page, "utf8");
  const filled = text.replace(
    /(<!-- chaos -->\n)[\s\S]*(<!-- \/chaos -->)/,
    (_, a, b) => `${a}${rows.join("\n")}\n${b}`,
  );
  await writeFile(page, filled);
}
