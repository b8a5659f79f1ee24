// How Qdrant's stand-in reads unquoted YAML values: the real server's readings, as far as they were seen or are YAML 1.2.
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const module = join(import.meta.dirname, "../../../airgap/standins/qdrant/standin/settings");
const hasPython = spawnSync("python3", ["--version"]).status === 0;

/** Unquoted value -> what a setting of type string holds afterwards. */
const readings: Record<string, string | null> = {
  secret: "secret",
  "0123456789": "123456789",
  "12e5": "1200000",
  "1.5e20": "150000000000000000000",
  "0x1F": "31",
  "0o17": "15",
  "-7": "-7",
  "1.50": "1.5",
  "12345678901234567890": "12345678901234567000",
  "": null,
  "~": null,
  null: null,
  true: "true",
  yes: "yes",
  "1_000": "1_000",
  "0xZZ": "0xZZ",
  "1.2.3": "1.2.3",
  "2026-01-01": "2026-01-01",
};

test.skipIf(!hasPython)("an unquoted value may not be the text that was written", () => {
  const program = `import json, sys; sys.path.insert(0, ${JSON.stringify(module)}); import scalars
print(json.dumps([scalars.as_text(scalars.plain(text)) for text in json.load(sys.stdin)]))`;
  const names = Object.keys(readings);
  const read: unknown[] = JSON.parse(
    execFileSync("python3", ["-B", "-c", program], { input: JSON.stringify(names), encoding: "utf8" }),
  );
  expect(Object.fromEntries(names.map((name, i) => [name, read[i]]))).toEqual(readings);
});
