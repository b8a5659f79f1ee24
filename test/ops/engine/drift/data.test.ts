// Whether data is still where it was. The engine is a fake one; that a container looks is tried on a real one (test/e2e/drift.test.ts).
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { parseConfig } from "../../../../components/config/parse.ts";
import { suspiciousPlaces } from "../../../../ops/engine/drift/data.ts";
import { engineView } from "../../../../ops/engine/drift/view.ts";
import { FakeEngine } from "../../../support/fake-engine.ts";
import { container, stateOf } from "../../../support/state.ts";

let engine: FakeEngine;
beforeAll(async () => {
  engine = await FakeEngine.start();
});
afterAll(() => engine.stop());
beforeEach(() => engine.clear());

const inputs = {
  volumes: [
    { containerPath: "/data", volumeName: "lab_redis_data", readOnly: false },
    { containerPath: "/run/xnai", volumeName: "lab_redis_config", readOnly: true },
    { containerPath: "/more", hostPath: "/srv/lab/redis/more" },
  ],
};
const state = stateOf(container("redis", "1", inputs, { "io.xnai.service": "redis" }));
const config = parseConfig({ prefix: "lab" });
const suspicious = async (of = config) => suspiciousPlaces(engine.docker, of, state, await engineView(engine.docker));

it("what a task prepared holds a file of its own, and is not suspicious", async () => {
  engine.containers = [{ id: "1", name: "lab_redis", files: ["/data/.xnai", "/more/.xnai"] }];
  expect(await suspicious()).toEqual([]);
});

it("a volume or a directory without it is, but not files of the configuration", async () => {
  engine.containers = [{ id: "1", name: "lab_redis", files: [] }];
  expect(await suspicious()).toEqual([
    { service: "redis", container: "1", path: "/data", volumeName: "lab_redis_data" },
    { service: "redis", container: "1", path: "/more", hostPath: "/srv/lab/redis/more" },
  ]);
});

it("nothing is said of a service that is off, or whose container is gone or cannot be looked into", async () => {
  engine.containers = [{ id: "1", name: "lab_redis", files: [] }];
  expect(await suspicious(parseConfig({ prefix: "lab", services: { redis: false } }))).toEqual([]);
  engine.containers = [{ id: "1", name: "lab_redis" }];
  expect(await suspicious()).toEqual([]);
  engine.containers = [];
  expect(await suspicious()).toEqual([]);
});
