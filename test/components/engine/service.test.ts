// One service by itself: how its plain description becomes containers, volumes and a preparing Job.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { Networks } from "../../../components/engine/networks.ts";
import { Images } from "../../../components/engine/remote-images.ts";
import { Service, type ServiceArgs, type ServiceSpec } from "../../../components/engine/service.ts";
import { one, type Program, run } from "../../support/program.ts";

const spec: ServiceSpec = {
  service: "redis",
  data: { data: "/data" },
  networks: { main: "redis" },
  health: { test: ["true"] },
  stopGraceSeconds: 30,
  limits: { memoryMiB: 100, cpus: 1 },
};

function args(values: Record<string, unknown>): ServiceArgs {
  const config = parseConfig(values);
  return { config, images: new Images("images", config), networks: new Networks("networks", config) };
}

const service = (more: Partial<ServiceSpec> = {}, values: Record<string, unknown> = {}, options = {}) =>
  run(() => new Service(more.service ?? "redis", { ...spec, ...more }, args(values)), options);

const main = (program: Program, name = "redis") => one(program, "Container", name).inputs;
const prepare = (program: Program, name = "redis-prepare") => one(program, "Container", name);
const volumes = (program: Program) =>
  program.all.flatMap(({ kind, inputs }) => (kind === "Volume" ? [inputs.name] : []));

describe("a service", () => {
  it("is what it says of itself, and nothing of the image's that it does not replace", async () => {
    const program = await service({ command: ["serve"], env: { B: "2", A: "1" }, stopSignal: "SIGINT" });
    expect(main(program)).toMatchObject({
      name: "xnai_redis",
      command: ["serve"],
      envs: ["A=1", "B=2"],
      stopSignal: "SIGINT",
      stopTimeout: 30,
      destroyGraceSeconds: 30,
      networksAdvanced: [{ name: "xnai_network", aliases: ["redis"] }],
      memory: 100,
    });
    expect(main(program)).not.toHaveProperty("entrypoints");
    const bare = main(await service());
    for (const key of ["command", "stopSignal"]) expect(bare).not.toHaveProperty(key);
  });

  it("has the limits of the configuration over its own, one by one", async () => {
    const program = await service({}, { resources: { redis: { cpus: 2.5, nofile: 4096 } } });
    expect(main(program)).toMatchObject({ cpus: "2.5", memory: 100, memorySwap: 100 });
    expect(main(program).ulimits).toContainEqual({ name: "nofile", soft: 4096, hard: 4096 });
  });

  it("runs as its own owner, to whom its Job gives the data", async () => {
    const program = await service({}, { owners: { redis: { uid: 7, gid: 8 } } });
    expect(main(program).user).toBe("7:8");
    expect(prepare(program).inputs).toMatchObject({ user: "0:0" });
    expect((prepare(program).inputs.command as string[])[0]).toBe("7:8");
    expect(prepare(program).inputs.labels).toContainEqual({ label: "io.xnai.owner", value: "7:8" });
  });

  it("stops with the services that it cannot be without, and only with those that are there", async () => {
    const values = { services: { vikunja: false } };
    const { all } = await run(() => {
      const common = args(values);
      const other = (name: "caddy" | "vikunja") =>
        new Service(name, { ...spec, service: name, networks: { main: name } }, common);
      return new Service("redis", spec, { ...common, stopsWith: [other("caddy"), other("vikunja")] });
    });
    const redis = all.find(({ kind, name }) => kind === "Container" && name === "redis");
    expect(redis?.dependsOn).toContain("caddy");
    expect(redis?.dependsOn).not.toContain("vikunja");
    expect(redis?.replaceWith).toEqual(["redis-prepare", "caddy"]);
  });

  it("keeps its data, and nothing else, when it is switched off", async () => {
    const program = await service({ files: { "a.conf": "a" } }, { services: { redis: false } });
    expect(volumes(program)).toEqual(["xnai_redis_data"]);
    expect(program.all.filter(({ kind }) => kind === "Container")).toEqual([]);
    expect((program.result as Service).container).toBeUndefined();
  });
});

describe("files", () => {
  const files = { "a.conf": "plain", "deep/b.key": pulumi.secret("hidden") };

  it("come from a volume that the service cannot write, put there by its Job", async () => {
    const program = await service({ files });
    expect(volumes(program)).toEqual(["xnai_redis_data", "xnai_redis_config"]);
    expect(main(program).volumes).toContainEqual({
      containerPath: "/run/xnai",
      volumeName: "xnai_redis_config",
      readOnly: true,
    });
    expect(prepare(program).inputs.volumes).toContainEqual({
      containerPath: "/prepare/config",
      volumeName: "xnai_redis_config",
      readOnly: false,
    });
    expect(prepare(program).inputs.uploads).toEqual([
      { file: "/prepare/config/a.conf", content: "plain", permissions: "0400" },
      { file: "/prepare/config/deep/b.key", content: "hidden", permissions: "0400" },
    ]);
  });

  it("hide what is secret and show the rest to the policies", async () => {
    const { visible } = prepare(await service({ files }));
    expect((visible.uploads as { content: string }[]).map(({ content }) => content)).toEqual(["plain", "secret"]);
  });

  it("are named to the Job, so that it removes what is left over and refuses what is too short", async () => {
    const command = prepare(await service({ files, minimumBytes: { "deep/b.key": 32 } })).inputs.command as string[];
    expect(command.slice(command.indexOf("--"))).toEqual(["--", "1:a.conf", "32:deep/b.key"]);
  });

  it("leave no volume, no upload and no writable Job behind where there are none", async () => {
    const program = await service();
    expect(volumes(program)).toEqual(["xnai_redis_data"]);
    expect(prepare(program).inputs).toMatchObject({ uploads: [], readOnly: true });
    expect((main(program).volumes as object[]).length).toBe(1);
  });
});

describe("data", () => {
  it("is mounted where the Job prepares it and where the service wants it", async () => {
    const program = await service({ data: { one: "/var/one", two: "/var/two" } });
    expect(volumes(program)).toEqual(["xnai_redis_one", "xnai_redis_two"]);
    expect(main(program).volumes).toEqual([
      { containerPath: "/var/one", volumeName: "xnai_redis_one", readOnly: false },
      { containerPath: "/var/two", volumeName: "xnai_redis_two", readOnly: false },
    ]);
    const { inputs, dependsOn } = prepare(program);
    const command = inputs.command as string[];
    expect(command.slice(command.indexOf("/prepare/one"), command.indexOf("--"))).toEqual([
      "/prepare/one",
      "volume xnai_redis_one",
      "/prepare/two",
      "volume xnai_redis_two",
    ]);
    // Through the component: the engine waits for its parent's dependencies.
    expect([...dependsOn, ...one(program, "Job", "redis-prepare").dependsOn]).toEqual(
      expect.arrayContaining(["redis-one", "redis-two", "busybox"]),
    );
  });

  it("is a directory below storage.root, named in messages as such", async () => {
    const program = await service({}, { storage: { root: "/srv/x y" } });
    expect(volumes(program)).toEqual([]);
    expect(main(program).volumes).toMatchObject([
      { containerPath: "/data", hostPath: "/srv/x y/redis/data", readOnly: false },
    ]);
    expect(prepare(program).inputs.command).toContain("directory /srv/x y/redis/data");
  });

  it("is prepared under the container's own name", async () => {
    const program = await service({ service: "postgres", containerSuffix: "vikunja_db", networks: { db: "postgres" } });
    expect(prepare(program, "vikunja-db-prepare").inputs.name).toBe("xnai_vikunja_db_prepare");
    expect(main(program, "postgres").name).toBe("xnai_vikunja_db");
  });
});

describe("setup", () => {
  it("runs after the preparation, in the service's image, as its owner and without a network", async () => {
    const program = await service({
      files: { "a.conf": "a" },
      setup: (titles) => ({ script: "true", args: [titles.data as string] }),
    });
    const setup = one(program, "Container", "redis-setup");
    expect(setup.inputs).toMatchObject({
      image: main(program).image,
      user: "1000:1000",
      networkMode: "none",
      volumes: main(program).volumes,
      command: ["volume xnai_redis_data"],
    });
    expect(setup.replaceWith).toEqual(["redis-prepare"]);
    expect(one(program, "Container", "redis").replaceWith).toEqual(["redis-prepare", "redis-setup"]);
  });
});

describe("egress", () => {
  it("puts a service on the network with a way out, and lifts its limits", async () => {
    const program = await service({}, { egress: ["redis"] }, { policy: { settings: { egress: ["redis"] } } });
    expect(main(program).networksAdvanced).toEqual([
      { name: "xnai_network", aliases: ["redis"] },
      { name: "xnai_egress", aliases: ["redis"] },
    ]);
    for (const key of ["dns", "sysctls"]) expect(main(program)).not.toHaveProperty(key);
  });
});
