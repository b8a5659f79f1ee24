// Runs the parts of the bench: started by bench.ts, in the engine's network namespace.
import { writeFile } from "node:fs/promises";
import { TestStack } from "../support/stack.ts";
import { ComposeProject } from "./compose/project.ts";
import { readOptions } from "./options.ts";
import type { Subject } from "./part.ts";
import { partNames, parts } from "./parts.ts";
import { type Found, joined, nothing } from "./report/figures.ts";
import { measuredNow } from "./report/machine.ts";
import { terminalText } from "./report/terminal.ts";
import { writeReport, written } from "./report/write.ts";

const options = readOptions(partNames);
const stack = await TestStack.create("bench");
let project: Promise<ComposeProject> | undefined;
const subject: Omit<Subject, "keep"> = {
  engine: JSON.parse(process.env.XNAI_BENCH_ENGINE ?? ""),
  stack,
  rounds: options.rounds,
  cold: options.cold,
  compose: () => {
    project ??= stack.mustUp().then(() => ComposeProject.of(stack));
    return project;
  },
};
let found: Found = { rounds: options.rounds };

/** Takes down what a part that failed has left, whose ports the next one needs. */
async function clearTheWay(): Promise<void> {
  await project?.then((left) => left.down()).catch((error: Error) => console.error(error.message));
  project = undefined;
}

/** A part that fails costs neither what the others find out nor what it has found out itself. */
async function run(name: string): Promise<Found> {
  const start = performance.now();
  let kept: Found = {};
  const keep = (more: Found) => {
    kept = structuredClone(more);
  };
  try {
    const more = (await parts[name]?.({ ...subject, keep })) ?? {};
    console.log(`${name}: ${((performance.now() - start) / 1000).toFixed(0)} s\n\n${terminalText(more)}`);
    return more;
  } catch (error) {
    process.exitCode = 1;
    console.error(`${name} failed: ${(error as Error).message}\n`);
    await clearTheWay();
    return { ...kept, failed: [name] };
  }
}

try {
  const machine = options.write ? await stack.mustUp().then(() => measuredNow(stack)) : undefined;
  for (const name of options.only) {
    found = joined(found, await run(name));
    // After each part: a run that is interrupted leaves what it has.
    if (machine) await writeReport({ ...nothing, ...machine, ...found, rounds: options.rounds });
  }
} finally {
  if (options.json) await writeFile(options.json, written(found));
  await stack.close().catch((error: Error) => console.error(error.message));
}
