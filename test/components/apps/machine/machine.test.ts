// What an app has of the machine itself: services that listen there, and directories.
import { mkdtempSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Lock } from "../../../../components/apps/lock.ts";
import { checkHostIsReached, usingHostInWords } from "../../../../components/apps/machine/host.ts";
import { ConfigError, parseConfig } from "../../../../components/config/parse.ts";
import { policyConfigOf } from "../../../../components/config/policy-config.ts";
import { definitionsOf } from "../../../../components/services.ts";
import { exitCode } from "../../../../lib/errors.ts";
import { one, type Program, task } from "../../../support/program.ts";
import { runServiceScript, standIns } from "../../../support/service-scripts.ts";
import { shells } from "../../../support/shells.ts";
import { stackWithApps } from "../../../support/whole-stacks.ts";

const image = "localhost/rag:latest";
const app = { image, health: { tcp: 8000 } };
const lock: Lock = {
  images: {
    [image]: { id: `sha256:${"0".repeat(63)}1`, entrypoint: [], command: ["serve"], user: "", volumes: [] },
  },
};
const configured = (more: object, around: object = {}) =>
  parseConfig({ ...around, apps: { rag: { ...app, ...more } } }, "here", lock);

const build = (more: object) => stackWithApps(configured(more));
const container = (program: Program) => one(program, "Container", "rag").inputs;
const warning = (more: object) =>
  definitionsOf(configured(more)).find(({ name }) => name === "rag")?.warning as NonNullable<
    ReturnType<typeof definitionsOf>[number]["warning"]
  >;

/** What is said of a configuration, one line for each problem. */
function problems(more: object, around: object = {}): string[] {
  try {
    configured(more, around);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ key, message }) => `${key} ${message}`);
  }
}

describe("services of the machine", () => {
  it("are found by a name, which an app has only if it names their ports", async () => {
    expect(container(await build({ host: [11_434] })).hosts).toEqual([
      { host: "host.docker.internal", ip: "host-gateway" },
    ]);
    expect(container(await build({}))).not.toHaveProperty("hosts");
  });

  it("are open to what the configuration says, and to nothing else", () => {
    expect(policyConfigOf(configured({ host: [11_434] }))).toMatchObject({
      "no-host-gateway": { containers: ["xnai_rag"] },
    });
    expect(policyConfigOf(configured({}))).not.toHaveProperty("no-host-gateway");
  });

  it("are told of in a preview", () => {
    expect(usingHostInWords(configured({ host: [11_434, 9000] }))).toEqual([
      "rag uses what listens on this machine, as host.docker.internal: port 11434, 9000 (apps.rag.host)",
    ]);
    expect(usingHostInWords(configured({}))).toEqual([]);
  });

  it("cannot be had without root, and that is said", () => {
    for (const kind of ["docker", "podman"]) {
      const engine = { kind, rootless: true };
      expect(() => checkHostIsReached(configured({ host: [11_434] }, { engine }))).toThrow(
        expect.objectContaining({ code: exitCode.machine, message: expect.stringContaining("apps.rag.host") }),
      );
      checkHostIsReached(configured({}, { engine }));
    }
    for (const engine of [{}, { kind: "podman" }]) checkHostIsReached(configured({ host: [11_434] }, { engine }));
  });

  it("are missed by an app that uses the name and does not say so", () => {
    const env = { OLLAMA_HOST: "http://host.docker.internal:11434" };
    expect(problems({ env }).join()).toContain(
      "apps.rag.env.OLLAMA_HOST is wrong (its value is not shown); it has no host.docker.internal: name the ports that it uses there, such as host: [11434]",
    );
    expect(problems({ env, host: [11_434] })).toEqual([]);
  });
});

describe("directories of the machine", () => {
  const own = { host: "/srv/models", path: "/models", own: true };

  it("are given to the app's user only if it says so", async () => {
    const program = await build({ user: { uid: 7, gid: 8 }, mounts: [own, { host: "/srv/other", path: "/other" }] });
    const { container: prepare, args } = task(program, "rag-prepare");
    expect((prepare.volumes ?? []).filter((volume) => "hostPath" in volume)).toMatchObject([
      { hostPath: "/srv/models", containerPath: "/prepare/mount-0" },
    ]);
    expect(args).toEqual(expect.arrayContaining(["7:8", "/prepare/mount-0", "directory /srv/models"]));
    const mounted = (container(program).volumes as object[]).filter((volume) => "hostPath" in volume);
    expect(mounted).toMatchObject([
      { hostPath: "/srv/models", containerPath: "/models", readOnly: true },
      { hostPath: "/srv/other", containerPath: "/other", readOnly: true },
    ]);
  });

  it("belong to one app at most", () => {
    const twice = (host: string) => problems({ mounts: [own, { ...own, host, path: "/b" }] }).join();
    for (const host of ["/srv/models", "/srv/models/deep", "/srv"])
      expect(twice(host)).toContain("that place, or one around it or in it, belongs to apps.rag.mounts[0] already");
    expect(twice("/srv/models-2")).toBe("");
    expect(problems({ mounts: [own] }, { storage: { root: "/srv" } }).join()).toContain("belongs to storage.root");
  });
});

describe("what an app does not get at", () => {
  let server: Server;
  let port: number;
  beforeAll(async () => {
    server = createServer((socket) => socket.end());
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    port = (server.address() as { port: number }).port;
  });
  afterAll(() => server.close());

  const mounts = [
    { host: "/srv/a", path: "/a" },
    { host: "/srv/b", path: "/b", readOnly: false },
  ];
  const read = (output: string) => {
    const of = { host: [1, 2], mounts, user: { uid: 7, gid: 8 } };
    return warning(of).read(output, configured(of));
  };

  it("is asked in its container, and only of those who name anything", () => {
    expect(warning({})).toBeUndefined();
    const { command } = warning({ host: [11_434], mounts });
    expect(command.slice(0, 3)).toEqual(["/run/xnai/busybox", "sh", "-c"]);
    expect(command.slice(4)).toEqual([
      "look.sh",
      "/run/xnai/busybox",
      "host.docker.internal",
      "11434",
      "--",
      "read",
      "/a",
      "write",
      "/b",
    ]);
  });

  it("is said with the address at which the service has to listen, and with whose right is missing", () => {
    expect(read("172.17.0.1 address\n2 silent\n/b unwritable")).toBe(
      "nothing answers at port 2 of host.docker.internal (apps.rag.host). Let the service listen at 172.17.0.1 or at every address of this machine: what listens at 127.0.0.1 no container reaches. A firewall has to let containers in, too.\n" +
        "its user 7:8 cannot write /srv/b, which it sees as /b (apps.rag.mounts). Give that user the right to, or the directory with own: true.",
    );
    expect(read("172.17.0.1 address")).toBeUndefined();
  });

  it.each(shells)("is found out by $name", (shell) => {
    // Of a busybox that asks this machine: nc connects, sed reads /etc/hosts.
    const folder = standIns({
      busybox: `case $1 in
        nc) exec 3<>/dev/null; python3 -c "import socket,sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])), 2)" "$5" ;;
        sed) echo "10.0.0.1 address" ;;
      esac`,
    });
    const place = mkdtempSync(join(tmpdir(), "xnai-look-"));
    const args = [join(folder, "busybox"), "host.docker.internal", `${port}`, "1", "--"];
    const places = ["read", place, "write", place, "read", "/not/there"];
    const { code, stdout } = runServiceScript(shell, "apps/machine/look.sh", [...args, ...places], folder);
    expect(code).toBe(0);
    expect(stdout.split("\n").toSorted()).toEqual(["/not/there unreadable", "1 silent", "10.0.0.1 address"]);
  });
});
