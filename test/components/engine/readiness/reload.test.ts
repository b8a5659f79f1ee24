// How a running service is told of files that it takes in without being replaced. The engine is played by the test.
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { startAnew } from "../../../../components/definition/service.ts";
import { reloadFiles } from "../../../../components/engine/readiness/reload.ts";
import { type FakeContainer, FakeEngine } from "../../../support/fake-engine.ts";

let engine: FakeEngine;
beforeAll(async () => {
  engine = await FakeEngine.start();
});
beforeEach(() => engine.clear());
afterAll(() => engine.stop());

/** What is done to the container, and what is said. */
async function told(answer: NonNullable<FakeContainer["answers"]>[number], { hasRun = false, signal = "" } = {}) {
  engine.containers = [{ id: "1", name: "lab_redis", state: { Status: "running" }, answers: [answer] }];
  const said: string[] = [];
  const prepare = { hasRun, runAgain: async () => [said.push("written")].map(String) };
  await reloadFiles(engine.docker, "lab_redis", { prepare, command: ["take-in"], ...(signal && { signal }) }, (text) =>
    said.push(text),
  );
  return { changes: engine.changes, said };
}

it("by a command alone, or by a signal behind it", async () => {
  expect(await told({ code: 0 })).toEqual({ changes: [], said: ["written"] });
  expect((await told({ code: 0 }, { signal: "SIGHUP" })).changes).toEqual(["POST /containers/lab_redis/kill"]);
});

it("not at all when it has started with them in this update", async () => {
  expect(await told({ code: 0 }, { hasRun: true, signal: "SIGHUP" })).toEqual({ changes: [], said: [] });
});

it("by a new start of the same container, when it cannot take them in as it runs", async () => {
  expect(await told({ code: startAnew, output: "too old" })).toEqual({
    changes: ["POST /containers/lab_redis/restart"],
    said: ["written", "lab_redis starts anew, once: too old"],
  });
});

it("and goes on with those of before when it cannot use them", async () => {
  await expect(told({ code: 1, output: "line 3 is wrong" }, { signal: "SIGHUP" })).rejects.toThrow(
    /lab_redis cannot use its new files, and goes on with those of before.*line 3 is wrong/s,
  );
  expect(engine.changes).toEqual([]);
});
