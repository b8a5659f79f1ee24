import { describe, expect, it } from "vitest";
import { connectionError } from "../../../lib/engine/connection-error.ts";
import { exitCode } from "../../../lib/errors.ts";

describe("a failed connection", () => {
  it("says how to get permission", () => {
    const error = connectionError("unix:///s", {}, Object.assign(new Error("x"), { code: "EACCES" }));
    expect(error).toMatchObject({
      code: exitCode.machine,
      fault: "denied",
      fix: expect.stringContaining("usermod -aG docker"),
    });
  });

  it("says when an engine is silent", () => {
    const error = connectionError("unix:///s", {}, Object.assign(new Error("x"), { name: "AbortError" }));
    expect(error.message).toBe("The Docker engine at unix:///s did not answer within 5 s.");
  });
});
