import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exitCode } from "../../../../lib/errors.ts";
import { candidateHosts, type FindOptions, findEngine } from "../../../../ops/engine/connection/find.ts";
import { EngineSockets, hostIn, oldestVersion } from "../../../support/engine-sockets.ts";

const sockets = new EngineSockets();
const podman = { Version: "5.4.2", ApiVersion: "1.41", Components: [{ Name: "Podman Engine" }] };
const rootless = { SecurityOptions: ["name=rootless"] };

/** A user's engines; the machine's own are not asked. */
const own = ["docker.sock", "podman/podman.sock"];

/** A user with these engines. */
async function machine(engines: { docker?: boolean; podman?: boolean }): Promise<NodeJS.ProcessEnv> {
  const folder = sockets.folder();
  mkdirSync(join(folder, "podman"));
  if (engines.docker) await sockets.engine(oldestVersion, rootless, join(folder, "docker.sock"));
  if (engines.podman) await sockets.engine(podman, rootless, join(folder, "podman/podman.sock"));
  return { XDG_RUNTIME_DIR: folder, DOCKER_CONFIG: folder };
}

describe("findEngine", () => {
  it("takes the engine that DOCKER_HOST names, also on a path with spaces", async () => {
    const host = await sockets.engine(oldestVersion, { SecurityOptions: ["name=seccomp,profile=default"] });
    const engine = await findEngine({ env: { DOCKER_HOST: host } });
    expect(engine).toMatchObject({ host, version: "20.10.24", apiVersion: "1.41", local: true });
    expect(engine.traits.rootless).toBe(false);
  });

  it("looks at Docker's sockets, then at Podman's; of each at the machine's own and the user's", () => {
    expect(candidateHosts({ XDG_RUNTIME_DIR: "/run/user/7" })).toEqual([
      "unix:///var/run/docker.sock",
      "unix:///run/user/7/docker.sock",
      "unix:///run/user/7/podman/podman.sock",
      "unix:///run/podman/podman.sock",
    ]);
  });

  it("says that there is no engine where the socket does not exist", async () => {
    await expect(findEngine({ env: { DOCKER_HOST: hostIn(sockets.folder()) } })).rejects.toMatchObject({
      code: exitCode.machine,
      fault: "absent",
      fix: expect.stringContaining("DOCKER_HOST"),
    });
  });
});

describe("where both are", () => {
  const kindOf = async (options: FindOptions) => (await findEngine({ ...options, sockets: own })).traits.kind;

  it("a new stack gets Docker", async () => {
    expect(await kindOf({ env: await machine({ docker: true, podman: true }) })).toBe("docker");
    expect(await kindOf({ env: await machine({ podman: true }) })).toBe("podman");
  });

  it("a new stack gets what --engine says", async () => {
    const env = await machine({ docker: true, podman: true });
    expect(await kindOf({ env, kind: "podman" })).toBe("podman");
    expect(await kindOf({ env, kind: "docker" })).toBe("docker");
  });

  it("a stack stays where it is", async () => {
    const env = await machine({ docker: true, podman: true });
    expect(await kindOf({ env, home: { kind: "podman", rootless: true } })).toBe("podman");
    expect(await kindOf({ env, home: { kind: "docker", rootless: true } })).toBe("docker");
  });

  it("nothing leads it away from there", async () => {
    const env = await machine({ docker: true, podman: true });
    const refusal = {
      code: exitCode.machine,
      fault: "elsewhere",
      message: expect.stringMatching(
        /This stack and its data are on Podman, rootless, and this run would use Docker, rootless 20\.10\.24 at unix:/,
      ),
      fix: expect.stringMatching(/systemctl --user enable --now podman\.socket.*docs\/moving\.md/),
    };
    const home = { kind: "podman", rootless: true } as const;
    await expect(findEngine({ env, sockets: own, kind: "docker", home })).rejects.toMatchObject({
      fault: "elsewhere",
      message: expect.stringMatching(/on Podman, rootless, and on Docker \(--engine docker\) it would start empty/),
    });
    const named = { DOCKER_HOST: hostIn(env.XDG_RUNTIME_DIR ?? "") };
    await expect(findEngine({ env: named, home })).rejects.toMatchObject(refusal);
    await expect(findEngine({ env: await machine({ docker: true }), sockets: own, home })).rejects.toMatchObject(
      refusal,
    );
  });
});

describe("where one is", () => {
  it("--engine does not take the other for it", async () => {
    const env = await machine({ podman: true });
    await expect(findEngine({ env, sockets: own, kind: "docker" })).rejects.toMatchObject({
      code: exitCode.machine,
      message: expect.stringMatching(/--engine docker asks for Docker, and what answers is Podman 5\.4\.2 at unix:/),
    });
  });
});
