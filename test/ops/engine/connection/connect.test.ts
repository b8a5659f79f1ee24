import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { plainDocker } from "../../../../lib/engine/traits.ts";
import { exitCode } from "../../../../lib/errors.ts";
import { connect } from "../../../../ops/engine/connection/connect.ts";
import { EngineSockets, hostIn, oldestVersion } from "../../../support/engine-sockets.ts";

const sockets = new EngineSockets();
afterEach(() => vi.restoreAllMocks());

describe("connect", () => {
  it("says what the engine is", async () => {
    const host = await sockets.engine(oldestVersion, { SecurityOptions: ["name=seccomp", "name=rootless"] });
    const { traits } = await connect(host);
    expect(traits).toEqual({ ...plainDocker, rootless: true });
  });

  it("asks Podman in its own words, because in Docker's every limit holds", async () => {
    const version = { Version: "5.4.2", ApiVersion: "1.41", Components: [{ Name: "Podman Engine" }] };
    const answers = (url: string) =>
      url.endsWith("/libpod/info")
        ? { host: { cgroupControllers: ["memory", "pids"] } }
        : url.endsWith("/version")
          ? version
          : { MemoryLimit: true, CpuCfsQuota: true, SecurityOptions: ["name=rootless"] };
    const host = await sockets.answering((request, response) => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(answers(request.url ?? "")));
    });
    const { traits } = await connect(host);
    expect(traits).toEqual({
      ...plainDocker,
      kind: "podman",
      rootless: true,
      limits: { memory: true, cpu: false, pids: true },
    });
  });

  it.each([
    [
      "an old Podman",
      { ...oldestVersion, Version: "4.3.1", Components: [{ Name: "Podman Engine" }] },
      "4.9 is the oldest",
    ],
    ["an engine that is too old", { Version: "19.03.1", ApiVersion: "1.40" }, "20.10 (API 1.41) is the oldest"],
    [
      "an engine that answers to newer clients only",
      { Version: "40.0.0", ApiVersion: "1.70", MinAPIVersion: "1.52" },
      "answers to API 1.52 or newer; this stack speaks 1.51",
    ],
  ])("refuses %s", async (_, version, message) => {
    const host = await sockets.engine(version);
    await expect(connect(host)).rejects.toMatchObject({
      code: exitCode.machine,
      fault: "unsupported",
      message: expect.stringContaining(message),
    });
  });

  it("takes API 1.100 for newer than 1.41, and 2.0 too", async () => {
    for (const ApiVersion of ["1.100", "2.0"]) {
      const host = await sockets.engine({ ...oldestVersion, ApiVersion });
      expect((await connect(host)).apiVersion).toBe(ApiVersion);
    }
  });

  it("takes an engine of years to come that still answers to older clients", async () => {
    const host = await sockets.engine({ Version: "40.0.0", ApiVersion: "1.70", MinAPIVersion: "1.51" });
    expect((await connect(host)).version).toBe("40.0.0");
  });

  it("says that it is not running when nobody listens on the socket", async () => {
    const at = sockets.folder();
    // A process that dies without cleaning up leaves its socket.
    const script = `require("net").createServer().listen(${JSON.stringify(join(at, "docker.sock"))}, () => process.kill(process.pid, "SIGKILL"))`;
    expect(() => execFileSync(process.execPath, ["-e", script])).toThrow();
    await expect(connect(hostIn(at))).rejects.toMatchObject({ fault: "stopped" });
  });

  it("waits for an engine that is slow, and says so", async () => {
    const told = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const host = await sockets.answering((request, response) => {
      const answer = () => response.end(JSON.stringify(request.url?.endsWith("/version") ? oldestVersion : {}));
      setTimeout(answer, 300);
    });
    await connect(host, { waiting: { tellAfterMs: 50, giveUpAfterMs: 20_000 } });
    expect(told.mock.calls.flat()).toEqual([
      expect.stringContaining(`the engine at ${host} takes its time; waiting up to 20 s for it`),
    ]);
  });

  it("gives up on a silent one, and says after how long", async () => {
    const host = await sockets.answering(() => undefined);
    await expect(connect(host, { waiting: { tellAfterMs: 5_000, giveUpAfterMs: 100 } })).rejects.toMatchObject({
      fault: "unanswered",
      message: `The Docker engine at ${host} did not answer within 0.1 s.`,
    });
  });

  it("says what came when it is no engine at all", async () => {
    const host = await sockets.answering((_, response) => response.writeHead(404).end("nothing here"));
    await expect(connect(host)).rejects.toMatchObject({
      fault: "unanswered",
      message: expect.stringContaining("404"),
    });
  });
});
