// The base of a pull request: a checkout of its own, in which its own code says what it would bring up. Nothing is registered
// in the repository: the files come through an index of their own, so that nothing is left in .git.
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { execa, type Options } from "execa";
import { failureLines } from "../../../lib/command-failure.ts";
import { exitCode, XnaiError } from "../../../lib/errors.ts";
import { root } from "../../paths.ts";
import { inTemporaryFolder } from "../../temporary-folder.ts";
import { type Plan, readPlan } from "./plan.ts";

/**
 * The commit with which this checkout is compared: where its history left that of `revision`, so that what others have done
 * there since is not taken for a change of this one.
 * @throws XnaiError (usage) when git does not know the revision, (machine) without git or a repository
 */
export async function baseOf(revision: string): Promise<string> {
  const git = (...args: string[]) => execa("git", args, { cwd: root, reject: false, stdin: "ignore" });
  const found = await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`);
  if (found.exitCode === 0) {
    const common = await git("merge-base", "HEAD", found.stdout);
    return common.exitCode === 0 ? common.stdout : found.stdout;
  }
  const inside = await git("rev-parse", "--git-dir");
  if (inside.exitCode !== 0)
    throw new XnaiError(
      exitCode.machine,
      `${root} is no git checkout that can be used: ${failureLines(inside, { last: 1 }).join(" ")}`,
      "Install git, or run the same command in a clone of the repository.",
    );
  throw new XnaiError(
    exitCode.usage,
    `There is no commit ${revision} in ${root} (--base).`,
    "Name a commit, a tag or a branch such as origin/main. A shallow clone does not have it: git fetch --unshallow",
  );
}

/**
 * What the base would bring up, by its own code.
 * @param say told what is waited for
 * @throws Error that says why there is no such thing
 */
export async function planOfBase(commit: string, stack: string, say: (text: string) => void): Promise<Plan> {
  return inTemporaryFolder("review", async (temporary, stopped) => {
    const folder = join(temporary, "base");
    const plan = join(temporary, "plan.json");
    // What it leaves in its own temporary folder goes with this one.
    const common = { stdin: "ignore", cancelSignal: stopped, env: { TMPDIR: temporary } } as const;
    const index = { ...common, cwd: root, env: { GIT_INDEX_FILE: join(temporary, "index") } };
    await run("git", ["read-tree", commit], index);
    await run("git", ["checkout-index", "--all", `--prefix=${folder}/`], index);
    if (hasSameModules(folder)) symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    else {
      say("the base has other dependencies: npm ci");
      await run("npm", ["ci", "--no-audit", "--no-fund"], { ...common, cwd: folder });
    }
    say("previewing the base");
    const args = ["ops/xnai.ts", "preview", "--stack", stack, "--resources", plan];
    await run(process.execPath, args, { ...common, cwd: folder });
    return readPlan(plan);
  });
}

/** Whether the base asks for the modules that are installed here. */
function hasSameModules(folder: string): boolean {
  const [base, here] = [folder, root].map((of) => join(of, "package-lock.json"));
  return base !== undefined && here !== undefined && existsSync(base) && readFileSync(base).equals(readFileSync(here));
}

/** @throws Error with the lines of its output that say why it failed */
async function run(command: string, args: string[], options: Options): Promise<void> {
  const ran = await execa(command, args, { ...options, reject: false });
  if (ran.failed)
    throw new Error(`${command} ${args[0]}: ${failureLines(ran, { marked: /error/i, last: 2 }).join(" ")}`);
}
