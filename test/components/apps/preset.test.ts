// A second Redis as an app, in one line: what it is, what others are told of it, and what cannot be said beside it.
import { beforeAll, describe, expect, it } from "vitest";
import type { Lock } from "../../../components/apps/lock.ts";
import { parseConfig } from "../../../components/config/parse.ts";
import { configProblems } from "../../support/config-problems.ts";
import { generated, one, type Program, plainFiles, task } from "../../support/program.ts";
import { reference } from "../../support/reference.ts";
import { stackWithApps } from "../../support/whole-stacks.ts";

const image = "localhost/rag:latest";
const lock: Lock = {
  images: { [image]: { id: `sha256:${"0".repeat(64)}`, entrypoint: ["rag"], command: [], user: "", volumes: [] } },
};
const worker = {
  image,
  health: { tcp: 1 },
  env: { QUEUE: reference("apps.queue.url"), AT: reference("apps.queue.host") },
};
const apps = { worker, queue: { preset: "redis" } };
const parsed = (values: object) => parseConfig(values as Record<string, unknown>, "here", lock);
const build = (values: object) => stackWithApps(parsed(values));

let program: Program;
let before: Program;
beforeAll(async () => {
  before = await build({});
  program = await build({ apps });
}, 60_000);

const container = (name: string, of = program) => one(of, "Container", name).inputs as Record<string, unknown>;

describe("preset: redis", () => {
  it("is a Redis that evicts nothing, as confined as the stack's own, with data of its own", () => {
    const { "redis.conf": conf = "" } = plainFiles(one(program, "RandomUuid", "queue-prepare"));
    expect(conf).toContain("maxmemory 256mb\nmaxmemory-policy noeviction\nappendonly yes");
    const { name, memory, memorySwap, volumes, networksAdvanced, labels, waitTimeout, ...queue } = container("queue");
    const {
      name: _,
      memory: __,
      memorySwap: ___,
      volumes: _4,
      networksAdvanced: _5,
      labels: _6,
      waitTimeout: _7,
      ports,
      ...redis
    } = container("redis");
    expect(queue).toEqual({ ...redis, ports: [] });
    expect([name, memory, memorySwap]).toEqual(["xnai_queue", 512, 512]);
    expect(networksAdvanced).toEqual([{ name: "xnai_network", aliases: ["queue"] }]);
    expect(volumes).toContainEqual({ volumeName: "xnai_queue_data", containerPath: "/data", readOnly: false });
    expect(one(program, "Volume", "queue-data").retainOnDelete).toBe(true);
    expect(ports).toHaveLength(1);
  });

  it("has a password of its own, which is that of whoever refers to it", () => {
    expect(one(program, "RandomPassword", "app-queue-password").parent).toMatch(/xnai:index:App::queue$/);
    const visible = JSON.stringify(program.all.map((each) => each.visible));
    expect(visible).not.toContain(generated("app-queue-password", 32));
    expect(container("worker").envs).toEqual(["AT=queue"]);
    expect(one(program, "Container", "worker").dependsOn).toContain("queue-ready");
    expect(task(program, "worker-prepare").args.join(" ")).toContain("environment");
  });

  it("changes nothing of the stack's own Redis", () => {
    for (const name of ["redis-prepare", "redis-ready"])
      expect(one(program, "RandomUuid", name).inputs.keepers).toEqual(one(before, "RandomUuid", name).inputs.keepers);
    expect(container("redis")).toEqual(container("redis", before));
  });

  it("takes more memory, and a port of this machine", async () => {
    const queue = { preset: "redis", maxMemoryMiB: 1024, publish: [{ port: 6379, host: 6380 }] };
    const more = await build({ apps: { queue } });
    expect(container("queue", more)).toMatchObject({
      memory: 1600,
      ports: [{ internal: 6379, external: 6380, ip: "127.0.0.1" }],
    });
    const roomy = await build({ apps: { queue: { ...queue, limits: { memoryMiB: 2000, cpus: 2 } } } });
    expect(container("queue", roomy)).toMatchObject({ memory: 2000, cpus: "2.0" });
  });

  it("runs the image of the stack's Redis, whichever that is, also where that one is off", async () => {
    const refs = { redis: `ghcr.io/me/redis:8@sha256:${"0".repeat(64)}` };
    for (const values of [{}, { services: { redis: false } }])
      expect(container("queue", await build({ apps: { queue: apps.queue }, images: { refs }, ...values })).image).toBe(
        `ghcr.io/me/redis:8@sha256:${"0".repeat(64)}`,
      );
  });
});

describe("what is wrong with it is said", () => {
  const said = (queue: object, more: object = {}) => configProblems({ apps: { queue, ...more } }).join("\n");

  it.each<[string, object, string]>([
    ["an image", { image }, 'apps.queue.image is "localhost/rag:latest"; preset: redis decides that itself: remove it'],
    ["health", { health: { tcp: 1 } }, "apps.queue.health is"],
    ["a variable", { env: { A: "b" } }, "apps.queue.env is wrong (its value is not shown)"],
    ["task", { task: true }, "beside it there can be user, limits, publish, rotation, maxMemoryMiB"],
  ])("%s beside it", (_, more, words) => {
    expect(said({ preset: "redis", ...more })).toContain(words);
  });

  it("a preset that there is not, and what belongs to one that is not named", () => {
    expect(said({ preset: "reddis" })).toBe('apps.queue.preset is "reddis"; it must be one of "redis"');
    expect(said({ image, health: { tcp: 1 }, maxMemoryMiB: 64 })).toContain("it belongs to preset: redis");
    expect(said({ health: { tcp: 1 } })).toContain("apps.queue.image is not set; it must be a reference");
  });

  it("a reference to what nothing offers", () => {
    const app = (text: string) => said({ preset: "redis" }, { a: { image, health: { tcp: 1 }, env: { A: text } } });
    expect(app(reference("apps.queue.urll"))).toContain(`did you mean ${reference("apps.queue.url")}?`);
    expect(app(reference("apps.a.url"))).toContain("stands for nothing");
  });
});
