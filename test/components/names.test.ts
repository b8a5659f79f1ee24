import { describe, expect, it } from "vitest";
import { parseConfig } from "../../components/config/parse.ts";
import { policyConfigOf } from "../../components/config/policy-config.ts";
import { namesOf, taskTitles } from "../../components/names.ts";
import { run, tasks } from "../support/program.ts";

describe("the names that are looked for before an up", () => {
  it.each([
    ["the default stack", {}],
    ["services switched off", { services: { redis: false, vikunja: false, consul: false } }],
    [
      "directories, another prefix and a way outside",
      { prefix: "lab", storage: { root: "/srv/lab" }, egress: ["qdrant"] },
    ],
  ])("are those that the program takes: %s", async (_, values) => {
    const config = parseConfig(values);
    const program = await run(
      async () => {
        const { Stack } = await import("../../components/stack.ts");
        return new Stack("stack", config);
      },
      { policy: policyConfigOf(config) },
    );
    const taken = (kind: string) =>
      program.all.filter((each) => each.kind === kind).map(({ inputs }) => inputs.name as string);
    const names = namesOf(config);
    const ofTasks = tasks(program).map(({ container }) => container.name);
    expect(names.containers.toSorted()).toEqual([...taken("Container"), ...ofTasks].toSorted());
    expect(names.networks.toSorted()).toEqual(taken("Network").toSorted());
    expect(names.volumes.toSorted()).toEqual(taken("Volume").toSorted());
  });
});

it("what up does by itself has a name in words for each marker, the one that its errors begin with", async () => {
  const config = parseConfig({});
  const program = await run(async () => {
    const { Stack } = await import("../../components/stack.ts");
    return new Stack("stack", config);
  });
  const markers = program.all.filter(({ kind }) => kind === "RandomUuid").map(({ name }) => name);
  const titles = taskTitles(config);
  expect(Object.keys(titles).toSorted()).toEqual(markers.toSorted());
  expect(titles).toMatchObject({ "vikunja-db-setup": "setting up postgres", "caddy-ready": "waiting for caddy" });
});
