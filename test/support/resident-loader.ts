// One compose-loader for many requests: a process for each would be most of the time of these tests.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AskLoader, startedLoader } from "../../ops/audit/compose/read.ts";

/** Asks the program at this path, which stays. What ends it is asked once more of one that is started for it alone. */
export function residentLoader(path: string): AskLoader {
  let held: ((line: string) => string | undefined) | undefined;
  return (request, environment) => {
    held ??= start(path);
    const answer = held(JSON.stringify({ ...request, environment }));
    if (answer !== undefined) return answer;
    held = undefined;
    return startedLoader(path)(request, environment);
  };
}

/** Its standard input and output are named pipes, because those can be written and read without giving up the thread. */
function start(path: string): (line: string) => string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "xnai-loader-"));
  const [input, output] = [join(folder, "input"), join(folder, "output")];
  execFileSync("mkfifo", [input, output]);
  const redirected = ["-c", 'exec "$0" <"$1" >"$2" 2>/dev/null', path, input, output];
  // It ends when this process does: its input ends then.
  spawn("sh", redirected, { stdio: "ignore", env: {} }).unref();
  const [requests, answers] = [openSync(input, "w"), openSync(output, "r")];
  rmSync(folder, { recursive: true });

  const chunk = Buffer.alloc(2 ** 16);
  return (line) => {
    writeSync(requests, `${line}\n`);
    const read: Buffer[] = [];
    while (read.at(-1)?.at(-1) !== 10) {
      const length = readSync(answers, chunk);
      if (length === 0) return undefined;
      read.push(Buffer.from(chunk.subarray(0, length)));
    }
    return Buffer.concat(read).toString();
  };
}
