// What the repair of Redis' append-only file does around redis-check-aof, which is a script here; with the real one: test/e2e/drift.test.ts.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execaSync } from "execa";
import { afterEach, beforeEach, expect, it } from "vitest";

const script = join(import.meta.dirname, "../../../components/redis/repair.sh");
let folder: string;
let data: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "xnai repair "));
  data = join(folder, "data");
  mkdirSync(join(data, "appendonlydir"), { recursive: true });
  put("appendonly.aof.manifest", "file appendonly.aof.1.incr.aof seq 1 type i\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (name: string, text: string) => writeFileSync(join(data, "appendonlydir", name), text);
const log = (folder = "appendonlydir") => readFileSync(join(data, folder, "appendonly.aof.1.incr.aof"), "utf8");

/** Lets whatever is there count as whole unless it has the word BAD in it, which --fix cuts off, or leaves. */
function repair(fix: "cuts" | "fails" = "cuts") {
  const program = join(folder, "redis-check-aof");
  const cut = fix === "cuts" ? 'sed -i "s/BAD.*//" "$file"' : "echo cannot fix; exit 1";
  writeFileSync(
    program,
    `#!/bin/sh\n[ "$1" = --fix ] && { read -r yes; [ "$yes" = y ] || exit 1; file=$(dirname "$2")/appendonly.aof.1.incr.aof; ${cut}; exit 0; }\n! grep -q BAD "$(dirname "$1")/appendonly.aof.1.incr.aof"\n`,
  );
  chmodSync(program, 0o755);
  return execaSync("sh", [script, data], { reject: false, env: { PATH: `${folder}${delimiter}${process.env.PATH}` } });
}

it("a file that is whole is left alone, and so is data without one", () => {
  put("appendonly.aof.1.incr.aof", "good");
  expect(repair()).toMatchObject({ exitCode: 0, stdout: "" });
  expect(readdirSync(data)).toEqual(["appendonlydir"]);
  rmSync(join(data, "appendonlydir"), { recursive: true });
  expect(repair()).toMatchObject({ exitCode: 0, stdout: "" });
});

it("a damaged end is cut off a copy; how much is said, and the original kept", () => {
  put("appendonly.aof.1.incr.aof", "goodBAD tail");
  const { exitCode, stdout } = repair();
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(
    /: 8 of its 12 bytes, from the damage to the end, are cut off; the file as it was is kept in appendonlydir\.damaged-\d{8}T\d{6}Z$/,
  );
  expect(log()).toBe("good");
  const [kept = ""] = readdirSync(data).filter((name) => name.includes("damaged"));
  expect(log(kept)).toBe("goodBAD tail");
});

it("what cannot be repaired is left as it was, and that is said", () => {
  put("appendonly.aof.1.incr.aof", "goodBAD tail");
  const { exitCode, stderr } = repair("fails");
  expect(exitCode).toBe(1);
  expect(stderr).toContain("nothing was changed. It says: cannot fix");
  expect([readdirSync(data), log()]).toEqual([["appendonlydir"], "goodBAD tail"]);
});
