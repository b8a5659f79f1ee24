import { chmodSync } from "node:fs";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { exitCode } from "../../../lib/errors.ts";
import { checkpoint, stateFile } from "../../support/checkpoints.ts";
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
    clone.write(stateFile, { version: 3, checkpoint: { stack: "organization/xnai/dev", latest } });
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

  it("is nothing in another backend that does not know the stack, unless the clone does", async () => {
    vi.stubEnv("PULUMI_BACKEND_URL", "s3://bucket");
    const unknown = cli("echo \"error: no stack named 'dev' found\" >&2; exit 1");
    expect(await state.readState("dev", unknown)).toEqual({ resources: [], pending: [] });
    clone.write(stateFile, checkpoint());
    await expect(state.readState("dev", unknown)).rejects.toMatchObject({
      code: exitCode.usage,
      message: expect.stringMatching(/PULUMI_BACKEND_URL is s3:\/\/bucket, which has no stack dev; its state, with 2 /),
      fix: expect.stringContaining("Unset PULUMI_BACKEND_URL"),
    });
  });
});
