// The health check of Redis, run for real with a stand-in for redis-cli.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runServiceScript, standIns } from "../../support/service-scripts.ts";
import { shells } from "../../support/shells.ts";

const password = "of-the-check";

describe.each(shells)("Redis is well, in $name", (shell) => {
  /** @param answer of a server that knows the password; another password is refused, as Redis does it: with exit code 0 */
  function check(answer: string, file: string | undefined = password) {
    const folder = standIns({
      "redis-cli": `printf '%s\\n' "$@" > "$folder/arguments"
        [ "$REDISCLI_AUTH" = ${password} ] || { echo 'NOAUTH Authentication required.'; exit; }
        : > "$folder/authenticated"
        ${answer}`,
    });
    if (file !== undefined) writeFileSync(join(folder, "health.password"), file);
    const { code } = runServiceScript(shell, "redis/health.sh", [join(folder, "health.password")], folder);
    return {
      code,
      authenticated: existsSync(join(folder, "authenticated")),
      said: readFileSync(join(folder, "arguments"), "utf8"),
    };
  }

  it("when it answers PONG, and not otherwise", () => {
    expect(check("echo PONG").code).toBe(0);
    for (const answer of ["echo 'LOADING Redis is loading the dataset in memory'", "echo PONGO", "exit 0", "exit 1"])
      expect(check(answer), answer).toMatchObject({ code: 1, authenticated: true });
  });

  it("and not when the password is wrong, empty or missing", () => {
    for (const file of ["of-another", ""]) expect(check("echo PONG", file).code, file).toBe(1);
    const folder = standIns({ "redis-cli": '[ -n "$REDISCLI_AUTH" ] && echo PONG' });
    const missing = runServiceScript(shell, "redis/health.sh", [join(folder, "health.password")], folder);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain("health.password");
  });

  it("as told to the user who may do nothing but ask, with a password that is in no argument", () => {
    const { authenticated, said } = check("echo PONG");
    expect(authenticated, "the environment of redis-cli has it").toBe(true);
    expect(said.trim().split("\n")).toEqual(["-h", "127.0.0.1", "--user", "health", "--no-auth-warning", "ping"]);
  });
});
