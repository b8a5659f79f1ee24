// The script that brings the users of the running Redis in step with its file, run for real with a stand-in for redis-cli.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { startAnew } from "../../../components/definition/service.ts";
import { usersFile } from "../../../components/redis/acl.ts";
import { runServiceScript, standIns } from "../../support/service-scripts.ts";
import { type Shell, shells } from "../../support/shells.ts";

/** The file, of a stack with apps that have these passwords. */
function fileOf(apps: Record<string, string>): string {
  const app = { image: "localhost/rag:latest", health: { tcp: 8000 }, uses: ["redis"] };
  const config = parseConfig({ apps: Object.fromEntries(Object.keys(apps).map((name) => [name, app])) });
  return usersFile(config).render("of-the-clients", "of-the-check", ...Object.values(apps));
}

/** As Redis lists users. */
const listed = (file: string) => file.replaceAll(" on #", " on sanitize-payload #");

/**
 * Runs it beside a server that has the users of one file while the other one is on disk.
 * @param there what the server answers to ACL LIST @param answer to every other command
 */
function keep(shell: Shell, there: string, file: string, answer = "OK") {
  const folder = standIns({
    "redis-cli": `while read -r line; do case $line in
      'ACL LIST') cat "$folder/there" ;;
      *) echo "$line" >> "$folder/asked"; echo "${answer}" ;;
    esac; done; echo "$*" >> "$folder/arguments"`,
  });
  for (const [name, text] of Object.entries({ there, "users.acl": file, password: "of-the-check", asked: "" }))
    writeFileSync(join(folder, name), text);
  const ran = runServiceScript(shell, "redis/users.sh", [join(folder, "users.acl"), join(folder, "password")], folder);
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  return { ...ran, asked: read("asked").split("\n").slice(0, -1), arguments: read("arguments") };
}

const short = (asked: string[]) => asked.map((line) => line.split(" ").slice(1, 3).join(" "));

describe.each(shells)("the users of apps, in $name", (shell) => {
  it("are made, left alone, made anew with another password, and removed, and no others", () => {
    const there = listed(fileOf({ same: "1", renewed: "2", gone: "3" }));
    const {
      code,
      asked,
      stderr,
      arguments: given,
    } = keep(shell, there, fileOf({ same: "1", renewed: "4", more: "5" }));
    expect(code, stderr).toBe(0);
    expect(short(asked)).toEqual([
      "SETUSER app-same",
      "DELUSER app-renewed",
      "SETUSER app-renewed",
      "SETUSER app-more",
      "DELUSER app-gone",
    ]);
    expect(asked[0]).toMatch(/^ACL SETUSER app-same reset on #[0-9a-f]{64} ~\* &\* \+@all -@admin /);
    expect(given).not.toMatch(/#|of-the-check/);
  });

  it("are nothing to do in a stack without apps", () => {
    const { code, asked } = keep(shell, listed(fileOf({})), fileOf({}));
    expect([code, asked]).toEqual([0, []]);
  });

  it("need a new start of a server that does not know who keeps them, if there are any", () => {
    const refused = "AUTH failed: WRONGPASS invalid username-password pair or user is disabled.";
    expect(keep(shell, refused, fileOf({})).code).toBe(0);
    const { code, stdout } = keep(shell, refused, fileOf({ a: "1" }));
    expect([code, stdout.trim()]).toEqual([startAnew, "it has run since before apps had users of their own"]);
  });

  it("are told of when Redis refuses them, or says nothing", () => {
    const { code, stderr } = keep(shell, listed(fileOf({})), fileOf({ a: "1" }), "ERR Error in ACL SETUSER");
    expect([code, stderr.trim()]).toEqual([1, "Redis refuses a user: ERR Error in ACL SETUSER"]);
    expect(keep(shell, "Could not connect", fileOf({ a: "1" })).code).toBe(1);
  });
});
