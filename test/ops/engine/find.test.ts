import { describe, expect, it } from "vitest";
import { plainDocker } from "../../../lib/engine/traits.ts";
import { exitCode } from "../../../lib/errors.ts";
import { candidateHosts, findEngine } from "../../../ops/engine/find.ts";
import { EngineSockets, hostIn, oldestVersion } from "../../support/engine-sockets.ts";

const sockets = new EngineSockets();

describe("findEngine", () => {
  it("takes the engine that DOCKER_HOST names, also on a path with spaces", async () => {
    const host = await sockets.engine(oldestVersion, { SecurityOptions: ["name=seccomp,profile=default"] });
    const engine = await findEngine({ DOCKER_HOST: host });
    expect(engine).toMatchObject({ host, version: "20.10.24", apiVersion: "1.41", traits: plainDocker, local: true });
  });

  it("looks at the default socket, then at the rootless one", () => {
    expect(candidateHosts({ XDG_RUNTIME_DIR: "/run/user/7" })).toEqual([
      "unix:///var/run/docker.sock",
      "unix:///run/user/7/docker.sock",
    ]);
  });

  it("says that there is no engine where the socket does not exist", async () => {
    await expect(findEngine({ DOCKER_HOST: hostIn(sockets.folder()) })).rejects.toMatchObject({
      code: exitCode.machine,
      fault: "absent",
      fix: expect.stringContaining("DOCKER_HOST"),
    });
  });
});
