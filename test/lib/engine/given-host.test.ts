import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { givenHost, isElsewhere } from "../../../lib/engine/given-host.ts";
import { machineVariable } from "../../../lib/engine/ssh-host.ts";

/** A folder as Docker's command keeps it. */
function dockerConfig(current: string | undefined, contexts: Record<string, string>, tls: string[] = []): string {
  const folder = mkdtempSync(join(tmpdir(), "xnai docker "));
  writeFileSync(join(folder, "config.json"), JSON.stringify({ auths: {}, currentContext: current }));
  for (const [name, host] of Object.entries(contexts)) {
    const id = createHash("sha256").update(name).digest("hex");
    mkdirSync(join(folder, "contexts/meta", id), { recursive: true });
    const meta = { Name: name, Endpoints: { docker: { Host: host } } };
    writeFileSync(join(folder, "contexts/meta", id, "meta.json"), JSON.stringify(meta));
    if (!tls.includes(name)) continue;
    mkdirSync(join(folder, "contexts/tls", id, "docker"), { recursive: true });
    writeFileSync(join(folder, "contexts/tls", id, "docker/key.pem"), "");
  }
  return folder;
}

describe("the engine that the user names", () => {
  const DOCKER_CONFIG = dockerConfig("rootless", { rootless: "unix:///run/user/7/docker.sock", box: "ssh://ann@box" });

  it.each([
    [
      "DOCKER_HOST before all",
      { DOCKER_HOST: "unix:///a", DOCKER_CONTEXT: "box", CONTAINER_HOST: "unix:///c" },
      { host: "unix:///a", from: "DOCKER_HOST" },
    ],
    [
      "DOCKER_CONTEXT before CONTAINER_HOST",
      { DOCKER_CONTEXT: "box", CONTAINER_HOST: "unix:///c" },
      { host: "ssh://ann@box", from: "the Docker context box" },
    ],
    [
      "CONTAINER_HOST before the context in use",
      { CONTAINER_HOST: "unix:///c" },
      { host: "unix:///c", from: "CONTAINER_HOST" },
    ],
    ["the context in use", {}, { host: "unix:///run/user/7/docker.sock", from: "the Docker context rootless" }],
    ["nothing with the context default", { DOCKER_CONTEXT: "default" }, undefined],
  ])("%s", (_, env, given) => {
    expect(givenHost({ DOCKER_CONFIG, ...env })).toEqual(given);
  });

  it("is nobody's where Docker's command was never used, or its file is no JSON", () => {
    expect(givenHost({ HOME: mkdtempSync(join(tmpdir(), "xnai home ")) })).toBeUndefined();
    const folder = dockerConfig(undefined, {});
    expect(givenHost({ DOCKER_CONFIG: folder })).toBeUndefined();
    writeFileSync(join(folder, "config.json"), "{");
    expect(givenHost({ DOCKER_CONFIG: folder })).toBeUndefined();
  });

  it("has the certificates of its context", () => {
    const folder = dockerConfig("far", { far: "tcp://box:2376" }, ["far"]);
    expect(givenHost({ DOCKER_CONFIG: folder })).toMatchObject({
      host: "tcp://box:2376",
      certPath: expect.stringMatching(/contexts\/tls\/[0-9a-f]{64}\/docker$/),
    });
  });

  it("is not guessed when its context is gone", () => {
    expect(() => givenHost({ DOCKER_CONFIG, DOCKER_CONTEXT: "gone" })).toThrow(
      "DOCKER_CONTEXT names the Docker context gone, which is not there",
    );
  });

  it("is elsewhere behind ssh, tcp, or a tunnel that somebody told of", () => {
    const on = (env: object) => isElsewhere({ DOCKER_CONFIG, ...env });
    expect([
      on({ DOCKER_CONTEXT: "box" }),
      on({ CONTAINER_HOST: "ssh://box" }),
      on({ DOCKER_HOST: "tcp://b:1" }),
    ]).toEqual([true, true, true]);
    expect([on({}), on({ DOCKER_HOST: "unix:///a" })]).toEqual([false, false]);
    expect(on({ DOCKER_HOST: "unix:///tmp/tunnel.sock", [machineVariable]: "ann@box" })).toBe(true);
  });
});
