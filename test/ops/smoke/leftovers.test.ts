import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Vikunja } from "../../../ops/clients/vikunja.ts";
import { removeLeftovers } from "../../../ops/smoke/leftovers.ts";
import { newName } from "../../../ops/smoke/names.ts";
import type { Bus, Step } from "../../../ops/smoke/step.ts";
import { FakeVikunja } from "../../support/fake-vikunja.ts";

const [old, young] = [newName(Date.now() - 3_600_000), newName(Date.now())];
const steps = ["vikunja", "qdrant", "redis"].map((service) => ({ service }) as Step);

let fake: FakeVikunja;
let said: string[];
beforeEach(async () => {
  fake = await FakeVikunja.start();
  said = [];
  vi.spyOn(console, "error").mockImplementation((text) => void said.push(text));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await fake.stop();
});

it("removes what a run that was killed has left, says so, and touches nothing else", async () => {
  fake.projects = [`${old} list`, `${young} list`, "Home", `about ${old}`].map((title, index) => ({
    id: index + 1,
    title,
  }));
  const collections = [`${old}-http`, `${young}-http`, "docs"];
  const asked: string[] = [];
  const vikunja = await Vikunja.open(
    { host: "127.0.0.1", port: fake.port },
    { username: "xnai", password: fake.password },
  );
  const qdrant = {
    must: async (method: string, path: string) => {
      if (method === "DELETE") asked.push(path);
      return { result: { collections: collections.map((name) => ({ name })) } };
    },
  };
  await removeLeftovers(steps, { vikunja: async () => vikunja, qdrant } as unknown as Bus);
  await vikunja.close();
  expect(fake.projects.map(({ title }) => title)).toEqual([`${young} list`, "Home", `about ${old}`]);
  expect(asked).toEqual([`/collections/${old}-http`]);
  expect(said.join("\n")).toContain(`removed what an earlier run has left: Vikunja project ${old} list`);
  expect(said).toHaveLength(2);
});

it("leaves it to the steps to tell that a service does not answer", async () => {
  const bus = {
    vikunja: () => Promise.reject(new Error("away")),
    qdrant: { must: () => Promise.reject(new Error("away")) },
  };
  await expect(removeLeftovers(steps, bus as unknown as Bus)).resolves.toBeUndefined();
});
