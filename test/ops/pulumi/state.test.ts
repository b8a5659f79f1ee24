import { chmodSync } from "node:fs";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { exitCode } from "../../../lib/errors.ts";
import { Clone } from "../../support/clone.ts";

const clone = new Clone();
let state: typeof import("../../../ops/pulumi/state.ts");

beforeAll(async () => {
  state = await clone.load<typeof state>("ops/pulumi/state.ts");
});
beforeEach(() => {
  vi.stubEnv("PULUMI_BACKEND_URL", undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  clone.reset("dev");
});

describe("what state remembers", () => {
  const resource = { urn: "urn:1", type: "t", id: "1" };
  const cli = (script: string) => {
    const pulumi = clone.write(".xnai/pulumi", `#!/bin/sh\n${script}\n`);
    chmodSync(pulumi, 0o755);
    return { path: pulumi, env: {} };
  };

  it("is nothing before the first up", async () => {
    expect(await state.readState("dev", cli("exit 1"))).toEqual({ resources: [], pending: [] });
  });

  it("is read from the local file", async () => {
    const latest = { resources: [resource], pending_operations: [{ type: "creating", resource }] };
    clone.write(".xnai/.pulumi/stacks/xnai/dev.json", { version: 3, checkpoint: { latest } });
    expect(await state.readState("dev", cli("exit 1"))).toEqual({
      resources: [resource],
      pending: [{ type: "creating", resource }],
    });
  });

  it("is asked of Pulumi where it lies elsewhere, and is never taken for empty", async () => {
    vi.stubEnv("PULUMI_BACKEND_URL", "s3://bucket");
    const answer = JSON.stringify({ version: 3, deployment: { resources: [resource] } });
    expect((await state.readState("dev", cli(`echo '${answer}'`))).resources).toEqual([resource]);
    await expect(state.readState("dev", cli("echo no credentials >&2; exit 1"))).rejects.toMatchObject({
      code: exitCode.failed,
      message: "The state of stack dev cannot be read from s3://bucket: no credentials",
    });
  });
});
