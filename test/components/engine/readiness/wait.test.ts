// What a user is told while a service comes up. The engine is a fake one.
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { limitPids } from "../../../../components/engine/readiness/pids.ts";
import { waitUntilReady } from "../../../../components/engine/readiness/wait.ts";
import { plainDocker } from "../../../../lib/engine/traits.ts";
import { type FakeContainer, FakeEngine } from "../../../support/fake-engine.ts";

let engine: FakeEngine;
beforeAll(async () => {
  engine = await FakeEngine.start();
});
afterAll(() => engine.stop());
beforeEach(() => engine.clear());

const redis = (more: Partial<FakeContainer> = {}): FakeContainer => ({ id: "1", name: "lab_redis", ...more });
function wait(container: FakeContainer, withinSeconds = 5) {
  engine.containers = [container];
  const test = { test: ["check"], testMilliseconds: 1000, withinSeconds };
  return waitUntilReady(engine.docker, { name: "lab_redis", service: "redis", ...test });
}
const advice = "If it may not read or write its data, run: npm run up -- --repair redis";

it("a service that answers is ready, and left alone", async () => {
  await wait(redis());
  expect(engine.changes).toEqual([]);
});

it("a service that answers is left alone, also when it was restarted once long ago", async () => {
  await wait(redis({ restarts: 1 }));
  expect(engine.changes).toEqual([]);
});

it("a service that answers at last is ready", async () => {
  await wait(redis({ answers: [{ code: 1 }, { code: 1 }, { code: 0 }] }));
});

it.each<[string, Partial<FakeContainer>]>([
  ["was restarted by the engine before, and does not answer", { restarts: 7, answers: [{ code: 1 }, { code: 0 }] }],
  ["does not run", { state: { Status: "exited" } }],
  ["is paused", { state: { Status: "paused", Paused: true } }],
])("a service that %s is started anew, and asked then", async (_, state) => {
  await wait(redis(state));
  expect(engine.changes).toEqual(["POST /containers/lab_redis/restart"]);
});

it("a service that does not stay up is named at once, in its own last words, and stopped", async () => {
  const container = redis({ log: ["failed to open WAL"], answers: [{ code: 1 }] });
  const waiting = wait(container);
  await vi.waitFor(() => expect(engine.commands).toBeGreaterThan(0), { interval: 5 });
  Object.assign(container, { restarts: 4, state: { Status: "restarting", ExitCode: 101 } });
  await expect(waiting).rejects.toThrow(
    `lab_redis does not stay up (exit code 101). Its last lines:\n  failed to open WAL\n` +
      `It is stopped now, and the next up starts it again.\n${advice}`,
  );
  expect(engine.changes).toEqual(["POST /containers/lab_redis/stop"]);
});

it("a service whose log tells of damaged data is told what to do about that", async () => {
  const container = redis({ log: ["starting", "Bad file format"], answers: [{ code: 1 }] });
  engine.containers = [container];
  const damage = [{ says: /Bad file format/, what: "its file is damaged", fix: "Repair it." }];
  const args = { test: ["check"], testMilliseconds: 1000, withinSeconds: 5, damage };
  const waiting = waitUntilReady(engine.docker, { name: "lab_redis", service: "redis", ...args });
  await vi.waitFor(() => expect(engine.commands).toBeGreaterThan(0), { interval: 5 });
  Object.assign(container, { restarts: 4, state: { Status: "restarting", ExitCode: 1 } });
  await expect(waiting).rejects.toThrow(/the next up starts it again\.\nits file is damaged\. Repair it\.$/);
});

it("a service that needs more memory than it may have is told so", async () => {
  const container = redis({ answers: [{ code: 1 }] });
  const waiting = wait(container);
  await vi.waitFor(() => expect(engine.commands).toBeGreaterThan(0), { interval: 5 });
  Object.assign(container, { restarts: 4, state: { Status: "restarting", ExitCode: 137, OOMKilled: true } });
  await expect(waiting).rejects.toThrow(
    /^lab_redis does not stay up \(it needs more memory than its limit\)\.[\s\S]*\nSet resources\.redis\.memoryMiB to more\.$/,
  );
});

it("a service that runs and does not answer is named with its check's words, and goes on running", async () => {
  const answers = [{ code: 1, output: "NOAUTH Authentication required." }];
  await expect(wait(redis({ answers, log: ["up"] }), 0.3)).rejects.toThrow(
    "lab_redis is not ready after 0.3 s (its check says: NOAUTH Authentication required.). Its last lines:\n  up\n" +
      `It goes on running, and the next up asks it again.\n${advice}`,
  );
  expect(engine.changes).toEqual([]);
});

it("a service whose container is gone is the engine's to report", async () => {
  engine.containers = [];
  const args = { name: "lab_redis", service: "redis", test: ["check"], testMilliseconds: 1000, withinSeconds: 1 };
  await expect(waitUntilReady(engine.docker, args)).rejects.toThrow("no such");
});

it("processes are limited, and an engine that cannot do that is told of", async () => {
  const said: string[] = [];
  engine.containers = [redis()];
  await limitPids(engine.docker, plainDocker, { name: "lab_redis", pids: 1024 }, (text) => said.push(text));
  expect(said).toEqual([]);
  engine.containers = [redis({ warnings: ["no pids controller"] })];
  await limitPids(engine.docker, plainDocker, { name: "lab_redis", pids: 1024 }, (text) => said.push(text));
  expect(said).toEqual([
    "lab_redis: its processes are not limited to 1024, because the engine says: no pids controller",
  ]);
});
