// Which engine is used, and what is said about one that cannot be; against an API on a socket of the test's own.
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { exitCode } from "../../../lib/errors.ts";
import { candidateHosts, findEngine } from "../../../ops/engine/find.ts";

const folder = () => mkdtempSync(join(tmpdir(), "xnai engine "));
const running: { close(): unknown; closeAllConnections(): void }[] = [];
afterEach(() => {
  for (const server of running.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** An engine's API on a socket of its own; returns the directory, the socket is docker.sock in it. */
async function fakeEngine(version: object, info: object = {}): Promise<string> {
  const at = folder();
  const server = createServer((request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(request.url?.endsWith("/version") ? version : info));
  });
  server.listen(join(at, "docker.sock"));
  await once(server, "listening");
  running.push(server);
  return at;
}

const docker = { Version: "20.10.24", ApiVersion: "1.41", Components: [{ Name: "Engine" }] };
const hostIn = (at: string) => `unix://${join(at, "docker.sock")}`;

describe("findEngine", () => {
  it("takes the engine that DOCKER_HOST names, also on a path with spaces", async () => {
    const host = hostIn(await fakeEngine(docker, { SecurityOptions: ["name=seccomp,profile=default"] }));
    const engine = await findEngine({ DOCKER_HOST: host });
    expect(engine).toMatchObject({ host, version: "20.10.24", apiVersion: "1.41", rootless: false, local: true });
  });

  it("knows a rootless engine", async () => {
    const host = hostIn(await fakeEngine(docker, { SecurityOptions: ["name=seccomp", "name=rootless"] }));
    expect((await findEngine({ DOCKER_HOST: host })).rootless).toBe(true);
  });

  it("looks at the default socket, then at the rootless one, and DOCKER_HOST decides alone", () => {
    expect(candidateHosts({ XDG_RUNTIME_DIR: "/run/user/7" })).toEqual([
      "unix:///var/run/docker.sock",
      "unix:///run/user/7/docker.sock",
    ]);
    expect(candidateHosts({ DOCKER_HOST: "unix:///x", XDG_RUNTIME_DIR: "/run/user/7" })).toEqual(["unix:///x"]);
  });

  it.each([
    ["Podman", { ...docker, Version: "4.3.1", Components: [{ Name: "Podman Engine" }] }, "Podman"],
    ["an engine that is too old", { Version: "19.03.1", ApiVersion: "1.40" }, "20.10 (API 1.41) is the oldest"],
  ])("refuses %s", async (_, version, message) => {
    const host = hostIn(await fakeEngine(version));
    await expect(findEngine({ DOCKER_HOST: host })).rejects.toMatchObject({
      code: exitCode.machine,
      fault: "unsupported",
      message: expect.stringContaining(message),
    });
  });

  it("takes API 1.100 for newer than 1.41, and 2.0 too", async () => {
    for (const ApiVersion of ["1.100", "2.0"]) {
      const host = hostIn(await fakeEngine({ ...docker, ApiVersion }));
      expect((await findEngine({ DOCKER_HOST: host })).apiVersion).toBe(ApiVersion);
    }
  });

  it("says that there is no engine where the socket does not exist", async () => {
    await expect(findEngine({ DOCKER_HOST: hostIn(folder()) })).rejects.toMatchObject({
      code: exitCode.machine,
      fault: "absent",
      fix: expect.stringContaining("DOCKER_HOST"),
    });
  });

  it("says that it is not running when nobody listens on the socket", async () => {
    const at = folder();
    // A process that dies without cleaning up leaves its socket.
    const { execFileSync } = await import("node:child_process");
    const script = `require("net").createServer().listen(${JSON.stringify(join(at, "docker.sock"))}, () => process.kill(process.pid, "SIGKILL"))`;
    expect(() => execFileSync(process.execPath, ["-e", script])).toThrow();
    await expect(findEngine({ DOCKER_HOST: hostIn(at) })).rejects.toMatchObject({ fault: "stopped" });
  });

  it("says what came when it is no engine at all", async () => {
    const at = folder();
    const server = createServer((_, response) => response.writeHead(404).end("nothing here"));
    server.listen(join(at, "docker.sock"));
    await once(server, "listening");
    running.push(server);
    await expect(findEngine({ DOCKER_HOST: hostIn(at) })).rejects.toMatchObject({
      fault: "unanswered",
      message: expect.stringContaining("404"),
    });
  });
});
