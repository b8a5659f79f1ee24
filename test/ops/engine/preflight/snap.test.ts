import { expect, it } from "vitest";
import { exitCode } from "../../../../lib/errors.ts";
import { checkNotSnap } from "../../../../ops/engine/preflight/snap.ts";

it("Docker from snap is known by where it keeps its data", () => {
  expect(() => checkNotSnap("/var/snap/docker/common/var-lib-docker")).toThrow(
    expect.objectContaining({ code: exitCode.machine, message: expect.stringContaining("Docker from snap") }),
  );
  for (const root of ["/var/lib/docker", "/home/ann/var/snap/docker/x", undefined]) checkNotSnap(root);
});
