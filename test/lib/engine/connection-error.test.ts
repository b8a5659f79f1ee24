import { describe, expect, it } from "vitest";
import { connectionError, isGone } from "../../../lib/engine/connection-error.ts";
import { exitCode } from "../../../lib/errors.ts";

describe("a failed connection", () => {
  it("says how to get permission", () => {
    const error = connectionError("unix:///s", Object.assign(new Error("x"), { code: "EACCES" }), { waitedMs: 30_000 });
    expect(error).toMatchObject({
      code: exitCode.machine,
      fault: "denied",
      fix: expect.stringContaining("usermod -aG docker"),
    });
  });

  it("says where the engine was named that is not there", () => {
    const error = Object.assign(new Error("x"), { code: "ENOENT" });
    const { fix } = connectionError("unix:///s", error, { waitedMs: 1, from: "CONTAINER_HOST" });
    expect(fix).toContain("Check CONTAINER_HOST");
  });

  it("says when an engine is silent", () => {
    const error = connectionError("unix:///s", Object.assign(new Error("x"), { name: "AbortError" }), {
      waitedMs: 30_000,
    });
    expect(error.message).toBe("The Docker engine at unix:///s did not answer within 30 s.");
  });
});

describe("an engine that had answered before", () => {
  it.each([
    { syscall: "connect", code: "ECONNREFUSED" },
    { syscall: "connect", code: "ENOENT" },
    { syscall: "read", code: "ECONNRESET" },
    { code: "ECONNRESET", message: "socket hang up" },
    { syscall: "write", code: "EPIPE" },
  ])("is gone when a call fails with $code", (fields) => {
    expect(isGone(Object.assign(new Error("x"), fields))).toBe(true);
  });

  it.each([{ statusCode: 500 }, { code: "ENOENT", syscall: "open" }])("is there: %o", (fields) => {
    expect(isGone(Object.assign(new Error("x"), fields))).toBe(false);
  });
});
