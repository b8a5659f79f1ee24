// The start script of Qdrant, run for real with a stand-in for the server: without usable keys it must not start.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { qdrantYaml } from "../../../components/qdrant/definition.ts";
import { runServiceScript, standIns } from "../../support/service-scripts.ts";
import { bash } from "../../support/shells.ts";

const keys = { full: "F".repeat(32), readOnly: "r".repeat(32) };
const yaml = (changed: Partial<typeof keys> = {}) => qdrantYaml({ dashboard: true }, { ...keys, ...changed });

/** @param content of the configuration file; undefined: there is none */
function start(content: string | undefined) {
  const folder = standIns({ qdrant: 'printf "%s\\n" qdrant "$@"' });
  const file = join(folder, "qdrant.yaml");
  if (content !== undefined) writeFileSync(file, content);
  const { code, stdout, stderr } = runServiceScript(bash, "qdrant/start.sh", [file], folder);
  return { code, said: stdout.trim().split("\n"), stderr, file };
}

describe("Qdrant starts", () => {
  it("with the configuration that the stack writes", () => {
    for (const dashboard of [true, false]) {
      const { code, said, file } = start(qdrantYaml({ dashboard }, keys));
      expect({ code, said }).toEqual({ code: 0, said: ["qdrant", "--config-path", file] });
    }
  });

  it("as the process that the script was, so that it gets the stop signal", () => {
    const folder = standIns({ qdrant: 'echo "$$ $PPID"' });
    writeFileSync(join(folder, "qdrant.yaml"), yaml());
    const { stdout } = runServiceScript(bash, "qdrant/start.sh", [join(folder, "qdrant.yaml")], folder);
    expect(stdout.trim().split(" ")[1], "its parent is the test").toBe(`${process.pid}`);
  });

  it.each<[string, string | undefined]>([
    ["no file", undefined],
    ["an empty file", ""],
    ["no keys", "service:\n  enable_cors: false\n"],
    ["a short key", yaml({ full: "F".repeat(31) })],
    ["a short key for reading", yaml({ readOnly: "r".repeat(31) })],
    ["an empty key", yaml({ full: "" })],
    ["a key without quotes", yaml().replaceAll('"', "")],
    ["a key that the server would not take as it is", yaml({ full: `${"F".repeat(31)}"${"F".repeat(31)}` })],
    ["the key for reading alone", yaml().replace(/^ {2}api_key.*\n/m, "")],
    ["the full key alone", yaml().replace(/^ {2}read_only_api_key.*\n/m, "")],
  ])("not with %s", (_, content) => {
    const { code, said, stderr, file } = start(content);
    expect({ code, said }).toEqual({ code: 1, said: [""] });
    expect(stderr).toContain(`${file} has no usable keys: not started, because Qdrant would let everybody in`);
  });
});
