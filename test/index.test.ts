// The program as Pulumi runs it: configuration in, stack up, outputs out.
import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it, vi } from "vitest";
import { run } from "./support/program.ts";

afterEach(() => {
  vi.restoreAllMocks();
  pulumi.runtime.setAllConfig({});
  vi.resetModules();
});

/** Runs index.ts with this configuration, as Pulumi hands it over. */
function program(config: Record<string, string>, options = {}) {
  pulumi.runtime.setAllConfig(config);
  return run(() => import("../index.ts"), options);
}
/** The same, when it ends before it makes anything. */
async function refused(config: Record<string, string>): Promise<Error> {
  pulumi.runtime.setAllConfig(config);
  const { all, result } = await run(() => import("../index.ts").catch((error: Error) => error));
  expect(all).toEqual([]);
  return result as Error;
}

describe("the program", () => {
  it("brings up the stack of its configuration, and hands out where things are", async () => {
    const { all, result } = await program({ "xnai:prefix": "lab", "xnai:services": '{"qdrant":false}' });
    const names = all.flatMap(({ kind, inputs }) => (kind === "Container" ? [inputs.name] : []));
    expect(names).toContain("lab_redis");
    expect(names).not.toContain("lab_qdrant");
    const outputs = await (result as typeof import("../index.ts")).default();
    expect(outputs).toMatchObject({ frontDoor: "http://localhost:8000" });
    expect(Object.keys(outputs)).toContain("redisPassword");
  });

  it("ends with every problem in words, and nothing is made", async () => {
    const error = await refused({ "xnai:prefx": "lab", "xnai:owner": '{"uid":0}', "xnai:redis": "[" });
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    expect(error.message).toMatch(/^3 problems in the configuration \(Pulumi\.dev\.yaml\):\n/);
    for (const text of ["xnai:prefx is not a key", "xnai:owner.uid is 0", 'xnai:redis is "["'])
      expect(error.message).toContain(text);
    expect(error.message).toMatch(/\nNothing was changed\. Correct the file, or use: pulumi config set .*$/);
  });

  it("ends when its rules are configured in words that no rule knows", async () => {
    const error = await refused({ "xnai:policy": '{"no-such-rule":"disabled"}' });
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    expect(error.message).toMatch(/xnai:policy in Pulumi\.dev\.yaml.*no-such-rule/s);
  });

  describe("holds itself to the rules, whoever runs it and however", () => {
    const broken = { "xnai:images": '{"refs":{"redis":"redis:8"}}' };
    /** What is said, and with which code the program ends, when nothing stops it. */
    async function judged(options: { preview?: boolean }) {
      const said = vi.spyOn(pulumi.log, "error").mockImplementation(async () => {});
      vi.spyOn(pulumi.log, "warn").mockImplementation(async () => {});
      const exit = vi.spyOn(process, "exit").mockImplementation((() => {}) as never);
      const before = process.exitCode;
      const { all } = await program(broken, { ...options, expectViolations: true });
      const code = process.exitCode;
      process.exitCode = before;
      return { said: said.mock.calls.map(([message]) => message), exits: exit.mock.calls.flat(), code, all };
    }

    it("ends an update before the engine hears of what breaks one", async () => {
      const { said, exits } = await judged({});
      expect(said.join("\n")).toMatch(/Policy image-.*redis:8/);
      expect(exits[0]).toBe(32);
    });

    it("lets a preview go on to the end, and fail there", async () => {
      const { said, exits, code } = await judged({ preview: true });
      expect(said.join("\n")).toMatch(/Policy image-.*redis:8/);
      expect({ exits, code }).toEqual({ exits: [], code: 32 });
    });

    it("finds nothing in a right stack", async () => {
      const exit = vi.spyOn(process, "exit").mockImplementation((() => {}) as never);
      await program({});
      expect(exit).not.toHaveBeenCalled();
    });
  });
});
