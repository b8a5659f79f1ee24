// Runs workflows on this machine as a runner does: act, a Go module, in its self-hosted mode. Copies of the few actions stand
// in for the real ones, so that nothing is fetched. It is built once into the cache, before there is no way outside any more.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { buildGoPrograms, folderOf, type GoPrograms } from "../go-programs.ts";

const act: GoPrograms = { packages: ["github.com/nektos/act"], version: "v0.2.89" };
const program = join(folderOf(act), "act");
const actions = join(import.meta.dirname, "actions");

/** Builds act if it is not there. @throws what Go says */
export const buildAct = (say: (text: string) => void) => buildGoPrograms(act, say);

/** One run of a workflow. */
export interface Run {
  /** A checkout with the workflow in it. */
  folder: string;
  /** Path below the checkout. */
  workflow: string;
  /** @default all jobs */
  job?: string;
  /** What happened, and what GitHub says of it. */
  event: string;
  payload: object;
  /** Besides what this process has. A directory `ARTIFACTS` keeps what is uploaded. */
  env: Record<string, string>;
  /** What the job gets as its own token. */
  token: string;
  /** Programs that go before those of this machine. */
  bin: string;
}

/** Runs it to its end. @returns how the job ended, and what it printed */
export async function runWorkflow(run: Run): Promise<{ ok: boolean; all: string }> {
  const temporary = await mkdtemp(join(tmpdir(), "xnai-act-"));
  try {
    const event = join(temporary, "event.json");
    await writeFile(event, JSON.stringify(run.payload));
    const variables = Object.entries(run.env).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
    const { exitCode, all } = await execa(
      program,
      [
        run.event,
        "--workflows",
        run.workflow,
        "--eventpath",
        event,
        "--platform",
        "ubuntu-24.04=-self-hosted",
        "--platform",
        "docker=-self-hosted",
        "--secret",
        `GITHUB_TOKEN=${run.token}`,
        "--action-cache-path",
        join(temporary, "cache"),
        "--use-new-action-cache",
        "--no-cache-server",
        ...(run.job === undefined ? [] : ["--job", run.job]),
        ...localActions(join(run.folder, run.workflow)),
        ...variables,
      ],
      {
        cwd: run.folder,
        env: { PATH: `${run.bin}${delimiter}${dirname(process.execPath)}${delimiter}${process.env.PATH}`, CI: "true" },
        stdin: "ignore",
        all: true,
        reject: false,
      },
    );
    return { ok: exitCode === 0, all };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** A copy for each action that the workflow uses. @throws Error for one of which there is none: it would be fetched */
function localActions(workflow: string): string[] {
  const used = [...readFileSync(workflow, "utf8").matchAll(/uses: ([\w.-]+\/[\w.-]+)\S*@(\S+)/g)];
  return used.flatMap(([, repository = "", commit]) => {
    const [owner = "", name = ""] = repository.split("/");
    const known = existsSync(join(actions, owner)) && readdirSync(join(actions, owner)).includes(name);
    if (!known) throw new Error(`there is no copy of ${repository} in ${actions}`);
    return ["--local-repository", `${repository}@${commit}=${join(actions, repository)}`];
  });
}
