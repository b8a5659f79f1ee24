// What runs to its end, as status shows it: the state tells, because nothing of it stays on the engine.
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { parseConfig } from "../../../../components/config/parse.ts";
import { stackStatus, statusTable } from "../../../../ops/engine/status/index.ts";
import type { StackState, StateResource } from "../../../../ops/pulumi/state.ts";
import { FakeEngine } from "../../../support/fake-engine.ts";

let engine: FakeEngine;
beforeAll(async () => {
  engine = await FakeEngine.start();
});
afterAll(() => engine.stop());
afterEach(() => engine.clear());

const config = parseConfig({ prefix: "lab", apps: { migrate: { image: "localhost/rag:latest", task: true } } });
const marker: StateResource = {
  urn: "urn",
  type: "random:index/randomUuid:RandomUuid",
  inputs: {
    keepers: { container: JSON.stringify({ name: "lab_migrate_setup", image: "rag@sha256:0123456789abcdef" }) },
  },
  created: "2026-11-27T08:09:10.123Z",
};
const state = (...resources: StateResource[]): StackState => ({ resources, pending: [] });

async function statusOf(known: StackState | undefined) {
  const all = await stackStatus(engine.docker, config, known);
  const found = all.find(({ service }) => service === "migrate");
  if (!found) throw new Error("no status");
  return found;
}

it("is done, with the time and the exit code", async () => {
  const status = await statusOf(state(marker));
  expect(status).toMatchObject({
    state: "done",
    health: "-",
    image: "rag@0123456789ab",
    ended: marker.created,
    ok: true,
  });
  expect(statusTable([status])).toContain("done 2026-11-27 08:09 (exit code 0)");
});

it("is not done without its marker, or with one that only awaits its replacement", async () => {
  for (const known of [state(), state({ ...marker, pendingReplacement: true })])
    expect(await statusOf(known)).toMatchObject({
      state: "not done",
      ok: false,
      reason: expect.stringContaining("npm run up"),
    });
});

it("is at work as long as its container is there", async () => {
  const labels = { "io.xnai.stack": "lab" };
  engine.containers = [{ id: "1", name: "lab_migrate_setup", labels, state: { Status: "running" } }];
  expect(await statusOf(state(marker))).toMatchObject({ state: "running", ok: false });
});

it("is unknown, and no fault, where the state is elsewhere", async () => {
  expect(await statusOf(undefined)).toMatchObject({ state: "unknown", ok: true });
});
