// One service by itself: how its plain description becomes containers, volumes and a preparing task.
import * as pulumi from "@pulumi/pulumi";
import Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { Networks } from "../../../components/engine/networks.ts";
import { Images } from "../../../components/engine/remote-images.ts";
import { Service } from "../../../components/engine/service.ts";
import { asNumber } from "../../../components/engine/service-container.ts";
import type { ServiceArgs, ServiceSpec } from "../../../components/engine/service-spec.ts";
import { one, type Program, run, task } from "../../support/program.ts";

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
  return {
    config,
    images: new Images("images", config),
    networks: new Networks("networks", config, new Docker()),
    engine: new Docker(),
    state: "0123456789abcdef",
    hashKey: pulumi.secret("key"),
  };
}

/** It is nothing but a shape: no file says that it asks for a password. */
const open = { "authentication-on": "disabled" };

const service = (more: Partial<ServiceSpec> = {}, values: Record<string, unknown> = {}, policy = {}) =>
  run(() => new Service(more.service ?? "redis", { ...spec, ...more }, args(values)), {
    policy: { ...open, ...policy },
  });

const main = (program: Program, name = "redis") => one(program, "Container", name).inputs;
const prepare = (program: Program, name = "redis-prepare") => task(program, name);
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

  it("runs as its own owner, to whom its task gives the data", async () => {
    const program = await service({}, { owners: { redis: { uid: 7, gid: 8 } } });
    expect(main(program).user).toBe("7:8");
    expect(prepare(program).container.user).toBe("0:0");
    expect(prepare(program).args[0]).toBe("7:8");
    expect(prepare(program).container.labels).toContainEqual({ label: "io.xnai.owner", value: "7:8" });
  });

  it("stops with the services that it cannot be without, and only with those that are there", async () => {
    const values = { services: { vikunja: false } };
    const { all } = await run(
      () => {
        const common = args(values);
        const other = (name: "caddy" | "vikunja") =>
          new Service(name, { ...spec, service: name, networks: { main: name } }, common);
        return new Service("redis", spec, { ...common, stopsWith: [other("caddy"), other("vikunja")] });
      },
      { policy: open },
    );
    const redis = all.find(({ kind, name }) => kind === "Container" && name === "redis");
    expect(redis?.dependsOn).toEqual(expect.arrayContaining(["caddy", "caddy-ready"]));
    expect(redis?.dependsOn).not.toContain("vikunja");
    // By a property, so that Pulumi stops it first; of readiness it only waits.
    expect(redis?.inputs.waitTimeout).toBe(asNumber("id-of-redis-prepare id-of-caddy"));
    expect(redis?.replaceOnChanges).toContain("waitTimeout");
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

  it("come from a volume that the service cannot write, put there by its task", async () => {
    const program = await service({ files });
    expect(volumes(program)).toEqual(["xnai_redis_data", "xnai_redis_config"]);
    expect(main(program).volumes).toContainEqual({
      containerPath: "/run/xnai",
      volumeName: "xnai_redis_config",
      readOnly: true,
    });
    expect(prepare(program).container.volumes).toContainEqual({
      containerPath: "/prepare/config",
      volumeName: "xnai_redis_config",
      readOnly: false,
    });
  });

  it("hide what is secret and show the rest to previews and policies", async () => {
    const { marker } = prepare(await service({ files }));
    const keepers = marker.visible.keepers as Record<string, string>;
    expect(keepers).toMatchObject({ "file a.conf": "plain" });
    expect(JSON.parse(keepers["secret files"] as string)).toEqual({
      "deep/b.key": expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(JSON.stringify(marker.visible)).not.toContain("hidden");
  });

  it("that it reads while it runs are remembered by its readiness, and not by its task", async () => {
    const reload = { signal: "SIGHUP", files: ["a.conf"], command: ["true"] };
    const { "a.conf": live, ...restartFiles } = files;
    const program = await service({ files, restartFiles, liveFiles: { "a.conf": live }, reload });
    expect(prepare(program).marker.inputs.keepers).not.toHaveProperty(["file a.conf"]);
    expect(one(program, "RandomUuid", "redis-ready").inputs.keepers).toMatchObject({ "file a.conf": "plain" });
  });

  it("are named to the task, so that it removes what is left over and refuses what is too short", async () => {
    const { args } = prepare(await service({ files, minimumBytes: { "deep/b.key": 32 } }));
    expect(args.slice(args.indexOf("--"))).toEqual(["--", "1:a.conf", "32:deep/b.key"]);
  });

  it("leave no volume behind where there are none", async () => {
    const program = await service();
    expect(volumes(program)).toEqual(["xnai_redis_data"]);
    expect((main(program).volumes as object[]).length).toBe(1);
  });
});

describe("data", () => {
  it("is mounted where the task prepares it and where the service wants it", async () => {
    const program = await service({ data: { one: "/var/one", two: "/var/two" } });
    expect(volumes(program)).toEqual(["xnai_redis_one", "xnai_redis_two"]);
    expect(main(program).volumes).toEqual([
      { containerPath: "/var/one", volumeName: "xnai_redis_one", readOnly: false },
      { containerPath: "/var/two", volumeName: "xnai_redis_two", readOnly: false },
    ]);
    const { marker, args } = prepare(program);
    expect(args.slice(args.indexOf("/prepare/one"), args.indexOf("--"))).toEqual([
      "/prepare/one",
      "volume xnai_redis_one",
      "/prepare/two",
      "volume xnai_redis_two",
    ]);
    expect(marker.dependsOn).toEqual(expect.arrayContaining(["redis-one", "redis-two", "busybox"]));
  });

  it("is a directory below storage.root, named in messages as such", async () => {
    const program = await service({}, { storage: { root: "/srv/x y" } });
    expect(volumes(program)).toEqual([]);
    expect(main(program).volumes).toMatchObject([
      { containerPath: "/data", hostPath: "/srv/x y/redis/data", readOnly: false },
    ]);
    expect(prepare(program).args).toContain("directory /srv/x y/redis/data");
  });

  it("is prepared under the container's own name", async () => {
    const program = await service({ service: "postgres", containerSuffix: "vikunja_db", networks: { db: "postgres" } });
    expect(prepare(program, "vikunja-db-prepare").container.name).toBe("xnai_vikunja_db_prepare");
    expect(main(program, "postgres").name).toBe("xnai_vikunja_db");
  });
});

describe("setup", () => {
  it("runs after the preparation, in the service's image, as its owner and without a network", async () => {
    const program = await service({
      files: { "a.conf": "a" },
      setup: (titles) => ({ command: ["true", titles.data as string] }),
    });
    const setup = task(program, "redis-setup");
    expect(setup.container).toMatchObject({
      image: main(program).image,
      user: "1000:1000",
      networkMode: "none",
      volumes: main(program).volumes,
      entrypoints: ["true", "volume xnai_redis_data"],
    });
    expect(setup.marker.inputs.keepers).toMatchObject({ follows: "id-of-redis-prepare" });
    expect(main(program).waitTimeout).toBe(asNumber("id-of-redis-setup"));
  });
});

describe("egress", () => {
  it("puts a service on the network with a way out, and lifts its limits", async () => {
    const program = await service({}, { egress: ["redis"] }, { settings: { egress: ["redis"] } });
    expect(main(program).networksAdvanced).toEqual([
      { name: "xnai_network", aliases: ["redis"] },
      { name: "xnai_egress", aliases: ["redis"] },
    ]);
    for (const key of ["dns", "sysctls"]) expect(main(program)).not.toHaveProperty(key);
  });
});
