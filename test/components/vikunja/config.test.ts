import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";

describe("the configuration of Vikunja", () => {
  const problems = (vikunja: object) => {
    try {
      parseConfig({ vikunja });
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };

  it("takes names, mail addresses and hosts that Vikunja and browsers take", () => {
    expect(problems({ user: { name: "Ada.L-1_x", email: "ada+x@example.org" }, host: "tasks.lan" })).toBe("");
    for (const name of ["ab", "a b", "link-share-7", "bot-x", "ä".repeat(3), 'a"b', "a,b"])
      expect(problems({ user: { name } })).toContain("xnai:vikunja.user.name is");
    for (const email of ["x", "x@y", "x@y.z\n", 'x"@y.z', "@y.z"])
      expect(problems({ user: { email } })).toContain("xnai:vikunja.user.email is");
    for (const host of ["vikunja", "a..b", "a.b:80", "-a.b", "A.b", "a.b/c", "a.b {"])
      expect(problems({ host })).toContain("xnai:vikunja.host is");
    for (const hash of ["sha256-x", "'unsafe-inline'", `sha256-${"a".repeat(43)}=; script-src *`])
      expect(problems({ scriptHashes: [hash] })).toContain("xnai:vikunja.scriptHashes[0] is");
  });
});
