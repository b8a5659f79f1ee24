// The launcher: a program starts with the secrets of its environment, in its own place. With the shell of this machine.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { divided } from "../../../components/apps/environment.ts";
import { rendered } from "../../../components/apps/references.ts";
import { reference } from "../../support/reference.ts";

const script = join(import.meta.dirname, "../../../components/apps/launch.sh");
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "xnai launch "));
  mkdirSync(join(folder, "bin"));
  const program = join(folder, "bin", "httpd");
  writeFileSync(program, '#!/bin/sh\nprintf "%s|" "$0" "$@"\nprintf "%s" "$TOKEN"\nexit 7\n');
  chmodSync(program, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the launcher with these secrets. @param secrets variable -> value */
function launch(secrets: Record<string, string>, command: string[], env: Record<string, string> = {}) {
  const names = Object.keys(secrets);
  const known = Object.fromEntries(
    names.map((name) => [`secrets.${name}`, { secrets: [name], render: (value: string) => value }]),
  );
  const environment = Object.fromEntries(names.map((name) => [name, reference(`secrets.${name}`)]));
  const { files } = divided(environment, known as never);
  const file = join(folder, "environment");
  writeFileSync(file, rendered(files.environment ?? "", names, Object.values(secrets)));
  return execa("sh", [script, file, ...command], { reject: false, extendEnv: false, env, stripFinalNewline: false });
}

describe("the launcher", () => {
  it("finds the program as the image would, hands its arguments on, and ends as it ends", async () => {
    const { stdout, exitCode } = await launch({ TOKEN: "t" }, ["httpd", "a b", "$x"], {
      PATH: `/nowhere:${folder}/bin:/bin`,
    });
    expect(stdout).toBe(`${folder}/bin/httpd|a b|$x|t`);
    expect(exitCode).toBe(7);
  });

  it("takes a path as it is, and says which program is not there", async () => {
    expect((await launch({}, [`${folder}/bin/httpd`], { PATH: "/bin" })).exitCode).toBe(7);
    const missing = await launch({ TOKEN: "t" }, ["nginx", "-g"], { PATH: "/bin" });
    expect(missing.exitCode).toBe(127);
    expect(missing.stderr).toContain("the image has no program nginx");
  });

  it("hands any value over as it is", async () => {
    const value = fc.string({ unit: "grapheme", maxLength: 60 }).filter((text) => !text.includes("\0"));
    await fc.assert(
      fc.asyncProperty(value, async (token) => {
        const { stdout } = await launch({ TOKEN: token }, [`${folder}/bin/httpd`], { PATH: "/bin" });
        expect(stdout).toBe(`${folder}/bin/httpd|${token}`);
      }),
      { numRuns: 40, examples: [["it's"], ["'$(id)`id`\n\\'"], ['"$HOME" #'], ["'"]] },
    );
  }, 30_000);
});
