// `npm run bench`: how long things take, and what the stack takes while nobody uses it. A report, no threshold. Uses an engine
// of its own, as the e2e tests do. `--rounds N` sets how often each is measured (default 5), `--only compose,idle` which
// parts are run, `--cold` also builds the toolchain into an empty cache, `--json FILE` writes all figures.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { TestStack } from "../support/stack.ts";
import { startTestEngine } from "../support/test-engine.ts";
import { commands } from "./commands.ts";
import { ComposeProject } from "./compose/project.ts";
import { race } from "./compose/race.ts";
import { composeTool } from "./compose/tool.ts";
import { growth } from "./growth.ts";
import { idle } from "./idle.ts";
import { type Part, pulumiEnv, type Subject } from "./part.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    cold: { type: "boolean", default: false },
    only: { type: "string" },
    json: { type: "string" },
  },
});
const rounds = Number(values.rounds);

/** In the order in which they are run. */
const parts: Record<string, Part> = {
  commands: (subject) => commands(subject, values.cold),
  growth: async ({ stack }) => growth(await pulumiEnv(stack), join(stack.folder, "policies"), Math.min(rounds, 3)),
  compose: race,
  idle,
};

async function main(): Promise<void> {
  const names = values.only?.split(",") ?? Object.keys(parts);
  const strange = names.filter((name) => !parts[name]);
  if (strange.length > 0) throw new Error(`no part ${strange}; there are ${Object.keys(parts).join(", ")}`);
  // Before anything is measured: a build takes minutes, and both cores.
  if (names.includes("compose") || names.includes("idle")) await composeTool();
  const engine = await startTestEngine(`xnai-bench-${process.pid}`);
  process.env.DOCKER_HOST = engine.host;
  const stack = await TestStack.create("bench");
  let project: Promise<ComposeProject> | undefined;
  const compose = () => {
    project ??= ComposeProject.of(stack);
    return project;
  };
  const subject: Subject = { engine, stack, rounds, compose };
  const figures: Record<string, unknown> = {};
  try {
    for (const [name, part] of Object.entries(parts).filter(([name]) => names.includes(name))) {
      await stack.mustUp();
      const result = await part(subject);
      figures[name] = result.figures;
      console.log(`${result.table}\n`);
    }
  } finally {
    if (values.json) await writeFile(values.json, `${JSON.stringify({ rounds, ...figures }, undefined, 2)}\n`);
    await stack.close().catch((error: Error) => console.error(error.message));
    await engine.stop();
  }
}

await main();
