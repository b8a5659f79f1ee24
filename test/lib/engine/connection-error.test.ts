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

  it.each([
    [
      "the user's Podman",
      "unix:///run/user/7/podman/podman.sock",
      "ECONNREFUSED",
      "stopped",
      "(systemctl --user enable --now podman.socket)",
    ],
    [
      "root's Podman",
      "unix:///run/podman/podman.sock",
      "ECONNREFUSED",
      "stopped",
      "(sudo systemctl enable --now podman.socket)",
    ],
    ["Docker", "unix:///var/run/docker.sock", "ECONNREFUSED", "stopped", "(sudo systemctl start docker)"],
    [
      "root's Podman, of another user",
      "unix:///run/podman/podman.sock",
      "EACCES",
      "absent",
      "Start your own: systemctl --user",
    ],
  ])("says how to start %s", (_, host, code, fault, fix) => {
    const error = connectionError(host, Object.assign(new Error("x"), { code }), { waitedMs: 1 });
    expect(error).toMatchObject({ fault, fix: expect.stringContaining(fix) });
  });

  it("is one of permission where somebody named root's Podman", () => {
    const error = Object.assign(new Error("x"), { code: "EACCES" });
    const told = connectionError("unix:///run/podman/podman.sock", error, { waitedMs: 1, from: "DOCKER_HOST" });
    expect(told.fault).toBe("denied");
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
