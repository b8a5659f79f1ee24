import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../../../components/config/parse.ts";
import { exitCode } from "../../../../lib/errors.ts";
import { checkNoForeignUsers } from "../../../../ops/engine/preflight/foreign-users.ts";
import { FakeEngine } from "../../../support/fake-engine.ts";
import { container, stateOf } from "../../../support/state.ts";

let engine: FakeEngine;
beforeAll(async () => {
  engine = await FakeEngine.start();
});
afterAll(() => engine.stop());
afterEach(() => engine.clear());

const check = (volumes: string[]) =>
  checkNoForeignUsers(engine.docker, parseConfig({ prefix: "lab" }), stateOf(container("redis", "own")), volumes);

describe("what destroy would remove", () => {
  it("may be used by the stack's own containers, and what it leaves by anybody", async () => {
    engine.containers = [
      { id: "own", name: "lab_redis", volumes: ["lab_redis_data"] },
      { id: "guest", name: "guest", volumes: ["lab_caddy_data", "other"] },
    ];
    engine.networks = [
      { id: "1", name: "lab_network", containers: ["own"] },
      { id: "2", name: "other_network", containers: ["guest"] },
    ];
    await check(["lab_redis_data"]);
  });

  it("may not be used by anybody else; every one is named, also one that is stopped", async () => {
    engine.containers = [
      { id: "guest", name: "guest" },
      { id: "stopped", name: "backup", volumes: ["lab_redis_data"], state: { Status: "exited" } },
    ];
    engine.networks = [{ id: "1", name: "lab_network", containers: ["guest", "stopped"] }];
    await expect(check(["lab_redis_data"])).rejects.toMatchObject({
      code: exitCode.machine,
      message: expect.stringMatching(
        /:\nguest is on lab_network\nbackup is on lab_network \(exited; it would not start again without that network\)\nbackup uses lab_redis_data$/,
      ),
      fix: expect.stringContaining("Nothing was changed"),
    });
    engine.networks = [];
    await check([]);
  });
});
