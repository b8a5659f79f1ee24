// What is stored of a password, and who reads one in clear.
import { describe, expect, it } from "vitest";
import { pgpass, rolesSql, scramVerifier } from "../../../components/postgres/roles.ts";

describe("passwords", () => {
  it("are stored as a verifier that is the same at every up and of no use to a thief", () => {
    const verifier = scramVerifier("correct horse");
    expect(verifier).toBe(scramVerifier("correct horse"));
    expect(verifier).toMatch(/^SCRAM-SHA-256\$4096:[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$/);
    expect(scramVerifier("correct horsf").split("$")[1]).not.toBe(verifier.split("$")[1]);
    expect(verifier).not.toContain("horse");
  });

  it("are in one statement a line, as postgres --single takes them, for a role that owns nothing but its database", () => {
    const lines = rolesSql({ superuser: "one", vikunja: "two" }).trim().split("\n");
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatch(/;$/);
    expect(lines[1]).toContain("NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS");
    expect(lines[1]).toContain(scramVerifier("two"));
    expect(lines[2]).toContain(`ALTER ROLE postgres PASSWORD '${scramVerifier("one")}'`);
  });

  it("stand in one file in clear: the superuser's, for the tools in the container", () => {
    expect(pgpass("secret")).toBe("*:*:*:postgres:secret\n");
  });
});
