import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { XnaiError } from "../../../lib/errors.ts";
import { collectState } from "../../../ops/audit/state.ts";
import { parsePolicyConfig } from "../../../policies/config.ts";
import { evaluate } from "../../../policies/evaluate.ts";
import { dockerTypes } from "../../../policies/facts/pulumi.ts";
import { goodStack, unknown } from "../../policies/support/stack.ts";

describe("an exported state", () => {
  const written = (state: unknown) => {
    const file = join(mkdtempSync(join(tmpdir(), "xnai-state-")), "state.json");
    writeFileSync(file, typeof state === "string" ? state : JSON.stringify(state));
    return file;
  };
  const state = (resources: object[]) => written({ version: 3, deployment: { resources } });
  const of = (file: string) => evaluate(collectState(file).facts, parsePolicyConfig({ all: "mandatory" }, "test"));
  const resources = goodStack().map(({ urn, type, props, retained }) => ({
    urn,
    type,
    inputs: props,
    retainOnDelete: retained,
  }));

  it("that is right passes", () => expect(of(state(resources))).toEqual([]));

  it("is judged by its inputs, with the line of the program", () => {
    const open = resources.map((each) =>
      each.urn.endsWith("Container::redis")
        ? {
            ...each,
            inputs: { ...(each.inputs as object), ports: [{ internal: 6379, external: 6379, ip: "0.0.0.0" }] },
            sourcePosition: "project:///components/redis.ts#12,3",
          }
        : each,
    );
    const file = state(open);
    const [finding, ...others] = of(file);
    expect(others).toEqual([]);
    expect(finding?.rule.name).toBe("port-bound-to-loopback");
    expect(finding && collectState(file).place(finding)).toEqual({ file: "components/redis.ts", line: 12 });
  });

  it("sees a volume that a destroy would delete", () => {
    const file = state(resources.map((each) => ({ ...each, retainOnDelete: false })));
    expect(of(file).map(({ rule }) => rule.name)).toEqual(["volume-retained"]);
  });

  it("leaves encrypted and unknown values undecided, and passes over what is being deleted", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "x" };
    const [redis] = resources.filter(({ urn }) => urn.endsWith("Container::redis"));
    const hidden = { ...redis, inputs: { ...(redis?.inputs as object), envs: [secret, unknown, "A=1"] } };
    const findings = of(
      state([
        ...resources.filter((each) => each !== redis),
        hidden,
        { ...redis, delete: true, inputs: { privileged: true } },
      ]),
    );
    expect(new Set(findings.map(({ status }) => status))).toEqual(new Set(["undecided"]));
  });

  it.each(["no json", "[]", "null", '{"deployment":null}'])("is refused when it is none: %s", (text) => {
    expect(() => collectState(written(text))).toThrow(XnaiError);
  });

  it("counts what is Docker's only", () => {
    expect(
      collectState(
        state([
          { urn: "a", type: "random:index/randomPassword:RandomPassword" },
          { urn: "b", type: dockerTypes.network },
        ]),
      ).facts,
    ).toHaveLength(1);
  });
});
