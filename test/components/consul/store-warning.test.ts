// Whether Consul knows the stack's tokens: the script with a stand-in for nc, and the sentence.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { storeWarning } from "../../../components/consul/store-warning.ts";
import { runServiceScript, standIns } from "../../support/service-scripts.ts";
import { shells } from "../../support/shells.ts";

describe.each(shells)("Consul's store, in $name", (shell) => {
  /** @param managers how many management tokens Consul knows */
  function compare(managers: number) {
    const listed = '{"Description":"Initial Management Token"}'.repeat(managers);
    const folder = standIns({
      nc: `echo "$*" >> "$folder/arguments"
        request=$(cat)
        case $request in
          'GET /v1/acl/tokens HTTP/1.0'*'X-Consul-Token: good'*) printf 'HTTP/1.0 200 OK\\r\\n\\r\\n[${listed}]' ;;
          'GET /v1/acl/token/self HTTP/1.0'*'X-Consul-Token: good'*) printf 'HTTP/1.0 200 OK\\r\\n\\r\\n{}' ;;
          *) printf 'HTTP/1.0 403 Forbidden\\r\\n\\r\\nACL not found' ;;
        esac`,
    });
    const file = join(folder, "tokens");
    writeFileSync(file, "management good\nagent bad\nregistrar good\nviewer bad\n");
    const { code, stdout } = runServiceScript(shell, "consul/tokens.sh", [file, "8500"], folder);
    return { code, stdout, asked: readFileSync(join(folder, "arguments"), "utf8") };
  }

  it("names the tokens that it refuses, without a token in any argument", () => {
    expect(compare(1)).toEqual({ code: 0, stdout: "agent\nviewer", asked: "127.0.0.1 8500\n".repeat(5) });
  });

  it("shows an earlier management token", () => {
    expect(compare(2).stdout).toBe("earlier\nagent\nviewer");
  });
});

describe("the warning", () => {
  it("names them and the way back", () => {
    expect(storeWarning("viewer")).toMatch(/refuses the stack's token for viewer\. .*--repair consul/s);
    expect(storeWarning("earlier\nagent\nviewer\n")).toContain(
      "for agent, viewer, and an earlier management token is valid",
    );
    expect(storeWarning("earlier")).toMatch(/differ from the stack's: an earlier management token is valid/);
  });

  it("is not there when all are known, or when nobody could ask", () => {
    for (const output of ["", "nc: can't connect to remote host"]) expect(storeWarning(output)).toBeUndefined();
  });
});
