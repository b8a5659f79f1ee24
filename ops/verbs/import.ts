// `xnai import`: a list of tasks from a file into a project of Vikunja.
import type { Command } from "commander";
import { exitCode } from "../../lib/errors.ts";
import { say } from "../../lib/progress.ts";
import { vikunjaAccess } from "../clients/open-vikunja.ts";
import { Vikunja } from "../clients/vikunja.ts";
import { stackConfig } from "../config-file.ts";
import { findEngine } from "../engine/connection/find.ts";
import { homeOf } from "../engine/connection/home.ts";
import { summaryText } from "../import/plan.ts";
import { readTasks } from "../import/read.ts";
import { importTasks } from "../import/run.ts";
import { defaultStack } from "../paths.ts";
import { aloneWith } from "../pulumi/lock.ts";
import { stackOutputs } from "../pulumi/outputs.ts";
import { localState } from "../pulumi/state.ts";
import { stoppable } from "../stoppable.ts";

interface Options {
  stack: string;
  project: string;
  dryRun?: boolean;
  tokenFile?: string;
}

async function importFile(file: string, { stack, project: title, dryRun = false, tokenFile }: Options): Promise<void> {
  const config = stackConfig(stack);
  const tasks = readTasks(file);
  const { door, login } = await vikunjaAccess(
    { stack, config, tokenFile },
    () => stackOutputs(stack),
    async () => (await findEngine({ home: homeOf(config, localState(stack)) })).docker,
  );
  await stoppable((stop) =>
    aloneWith(
      `${stack}.import`,
      { command: "import", subject: `the import into Vikunja of stack ${stack}` },
      async () => {
        const vikunja = await Vikunja.open(door, login);
        try {
          const onProgress = (done: number, all: number) => say(`${done} of ${all} tasks`);
          const { newProject, ...summary } = await importTasks(vikunja, title, tasks, { dryRun, onProgress, stop });
          if (newProject) say(dryRun ? `there is no project "${title}" yet` : `made the project "${title}"`);
          console.log(summaryText(summary, dryRun));
        } finally {
          await vikunja.close();
        }
      },
    ),
  );
  process.exitCode = exitCode.done;
}

const formats = `
Markdown: every "- [ ] title" and "- [x] title" is a task, nested ones too; text that is indented under one is its description. At the
end of a title, #word is a label and due:2026-12-01 the due date.
JSON: a list of { "title", "done", "description", "due", "labels" }, or { "tasks": [...] }; only the title is needed.

Tasks are the same when their titles are. What is there already is not made again, and only gets what the file adds: that it is done,
and labels. Nothing in Vikunja is reopened, renamed, emptied or removed.`;

/** Adds the verb to the command. */
export function register(program: Command): void {
  program
    .command("import")
    .description(
      "import a check list (Markdown or JSON) into a project of Vikunja; a second time it only adds what is new",
    )
    .argument("<file>", "tasks.md or tasks.json")
    .requiredOption("--project <title>", "the project; made if it is not there")
    .option("--dry-run", "say what would be done, and change nothing")
    .option("--token-file <file>", "a file with an API token of Vikunja, if the first user has chosen another password")
    .option("--stack <name>", "the stack whose Vikunja it is", defaultStack())
    .addHelpText("after", formats)
    .action(importFile);
}
