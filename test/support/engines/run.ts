// `npm run test:engines [-- NAME... --write --report FILE]`: the slice (test/engines/) on each engine, or on those that are named. What
// this machine cannot start is said and not run; with names, that is a failure. --write: docs/engines.md. --report: vitest's own
// report, of one engine.
import { readFileSync } from "node:fs";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { type EngineUnderTest, engineNamed, engines, engineVariable } from "./catalogue.ts";
import { type EngineResult, nothingRun, resultsOf, type VitestReport } from "./report/results.ts";
import { writeResults } from "./report/write.ts";
import { cannotStart, type RunningEngine, startEngine } from "./start.ts";
import { debian, podmanOf } from "./system.ts";
import { userVariable } from "./user.ts";

const checkout = resolve(import.meta.dirname, "../../..");
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { report: { type: "string" }, write: { type: "boolean" } },
});

const stopped = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopped.abort());

const vitest = (file: string, report: string) => [
  join(checkout, "node_modules/node/bin/node"),
  ...["node_modules/vitest/vitest.mjs", "run", "--project", "engines", `test/engines/${file}`],
  ...["--reporter=verbose", "--reporter=json", `--outputFile.json=${report}`],
];

/** Runs vitest. @returns what it reports about an engine */
async function run(
  engine: EngineUnderTest,
  [program, ...args]: string[],
  report: string,
  env: NodeJS.ProcessEnv = {},
): Promise<EngineResult["steps"]> {
  await execa(program as string, args, { stdio: "inherit", reject: false, cancelSignal: stopped.signal, env });
  stopped.signal.throwIfAborted();
  if (options.report !== undefined) await copyFile(report, options.report);
  return resultsOf(JSON.parse(readFileSync(report, "utf8")) as VitestReport, engine);
}

/** The steps, on the engine's machine. */
function runSlice({ engine, machine }: RunningEngine): Promise<EngineResult["steps"]> {
  const report = join(machine.folder, "report.json");
  return run(engine, machine.command("env", "-C", checkout, ...vitest("slice.test.ts", report)), report, {
    TMPDIR: join(machine.folder, "tmp"),
    // A file of the machine below.
    NODE_EXTRA_CA_CERTS: undefined,
    DOCKER_HOST: `unix://${engine.socket}`,
    [engineVariable]: engine.name,
    ...(engine.rootless && { [userVariable]: machine.folder }),
  });
}

/** The test that starts a machine by itself. */
async function runReboot(engine: EngineUnderTest): Promise<Tried> {
  const version = await podmanOf(await debian(console.error));
  console.log(`\n=== ${engine.title}: ${version}`);
  const folder = await mkdtemp(join(tmpdir(), "xnai-report-"));
  try {
    const report = join(folder, "report.json");
    return { version, steps: await run(engine, vitest("reboot.test.ts", report), report) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

type Tried = Pick<EngineResult, "version" | "steps">;

async function tryOn(engine: EngineUnderTest): Promise<Tried> {
  const why = await cannotStart(engine);
  if (why === undefined && engine.boots) return runReboot(engine);
  const running = why ?? (await startEngine(engine, console.error).catch((error: Error) => error.message));
  if (typeof running === "string") {
    console.log(`\n=== ${engine.title}: not run: ${running}`);
    return { version: "", steps: nothingRun(running) };
  }
  console.log(`\n=== ${engine.title}: ${running.version}`);
  try {
    return { version: running.version, steps: await runSlice(running) };
  } finally {
    await running.stop();
  }
}

const named = positionals.map(engineNamed);
const results: EngineResult[] = [];
for (const engine of named.length > 0 ? named : engines) {
  const result = { name: engine.name, tried: new Date().toISOString().slice(0, 10), ...(await tryOn(engine)) };
  results.push(result);
  if (options.write) await writeResults([result]);
}
const failed = results.some(({ steps }) => Object.values(steps).includes("failed"));
const missing = named.length > 0 && results.some(({ version }) => version === "");
process.exitCode = failed || missing ? 1 : 0;
