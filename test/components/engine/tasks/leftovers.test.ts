// What an interrupted run left on the engine, and who is asked to stop before a task works on live data.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { clearLeftovers } from "../../../../components/engine/tasks/leftovers.ts";
import { stateId } from "../../../../components/engine/tasks/state-id.ts";
import { stopUsers } from "../../../../components/engine/tasks/users.ts";
import { type FakeContainer, FakeEngine } from "../../../support/fake-engine.ts";

let engine: FakeEngine;
beforeAll(async () => {
  engine = await FakeEngine.start();
});
afterAll(() => engine.stop());
beforeEach(() => engine.clear());

const left = (name: string, state: string, Status: string): FakeContainer => ({
  id: name,
  name,
  labels: { "io.xnai.state": state },
  state: { Status },
});

describe("leftovers", () => {
  async function clear(name?: string) {
    const said: string[] = [];
    await clearLeftovers(engine.docker, {
      state: "ours",
      waitSeconds: 600,
      ...(name && { name }),
      say: (text) => said.push(text),
    });
    return said;
  }

  it("of this state are removed, those at work once they have come to their end; another clone's stay", async () => {
    engine.containers = [left("a", "ours", "exited"), left("b", "ours", "running"), left("c", "theirs", "running")];
    expect(await clear()).toEqual([
      "a, left behind by an interrupted run, is removed",
      "b of an interrupted run is still at work: waiting for its end",
      "b, left behind by an interrupted run, is removed",
    ]);
    expect(engine.changes).toEqual(["DELETE /containers/a", "POST /containers/b/stop", "DELETE /containers/b"]);
    expect(engine.containers.map(({ name }) => name)).toEqual(["c"]);
  });

  it("go on to their end also when somebody has paused them", async () => {
    engine.containers = [left("a", "ours", "paused")];
    await clear();
    expect(engine.changes).toEqual(["POST /containers/a/unpause", "POST /containers/a/stop", "DELETE /containers/a"]);
  });

  it("under one name only", async () => {
    engine.containers = [left("a", "ours", "exited"), left("b", "ours", "exited")];
    await clear("b");
    expect(engine.containers.map(({ name }) => name)).toEqual(["a"]);
  });
});

describe("whoever runs on what a task may write to", () => {
  const task = { image: "i", name: "lab_postgres_prepare", volumes: [{ volumeName: "data", containerPath: "/d" }] };
  const fail = (text: string) => expect.fail(text);
  const running = (name: string, ...volumes: string[]): FakeContainer => ({ id: name, name, volumes });

  it("is stopped, its clients first, and nobody else is", async () => {
    engine.containers = [running("db", "data"), running("app", "files"), running("other", "elsewhere")];
    const said: string[] = [];
    await stopUsers(engine.docker, task, ["app"], (text) => said.push(text));
    expect(engine.changes).toEqual(["POST /containers/app/stop", "POST /containers/db/stop"]);
    expect(said).toEqual(["db, which this stack did not make, writes to the same data and is stopped"]);
  });

  it("is nobody where the service has been stopped already: then its clients go on", async () => {
    engine.containers = [running("app", "files")];
    await stopUsers(engine.docker, task, ["app"], fail);
    expect(engine.changes).toEqual([]);
  });

  it("does not count what the task only reads", async () => {
    engine.containers = [running("db", "data")];
    const reads = { ...task, volumes: [{ volumeName: "data", containerPath: "/d", readOnly: true }] };
    await stopUsers(engine.docker, reads, [], fail);
    expect(engine.changes).toEqual([]);
  });
});

describe("the id of a state", () => {
  const here = { backend: "file:///srv/a/.xnai", stack: "dev", hostname: "box" };
  it.each<[string, Partial<typeof here>]>([
    ["another clone", { backend: "file:///srv/b/.xnai" }],
    ["another stack", { stack: "lab" }],
    ["the same path on another machine", { hostname: "laptop" }],
  ])("is another one for %s", (_, other) => {
    expect(stateId({ ...here, ...other })).not.toBe(stateId(here));
  });

  it("is the same from everywhere for a backend that is", () => {
    const shared = { ...here, backend: "s3://bucket" };
    expect(stateId({ ...shared, hostname: "laptop" })).toBe(stateId(shared));
  });
});
