import { describe, expect, it } from "vitest";
import { parseConfig } from "../../components/config/parse.ts";
import { imageOf, imageRef, knownImages, usesStandIn } from "../../components/image-source.ts";
import { type Program, task } from "../support/program.ts";
import { localStack, stackInDirectories } from "../support/whole-stacks.ts";

const program = await localStack();
const other = await stackInDirectories();

describe("images", () => {
  it("are pinned by digest, with a tag that says what they are", () => {
    for (const [name, { hub }] of Object.entries(knownImages)) {
      expect(hub, name).toMatch(/^[a-z0-9/]+:[A-Za-z0-9.-]+@sha256:[0-9a-f]{64}$/);
      expect(hub, name).not.toContain(":latest");
    }
  });

  it("come from where the configuration says, and one that is named there wins", () => {
    const ref = (images: object) => imageRef(parseConfig({ images }), "redis");
    expect(ref({})).toBe(imageOf("redis").hub);
    expect(ref({ source: "local" })).toMatch(/^xnai\.local\/redis:/);
    expect(ref({ source: "local", refs: { redis: "mine:1" } })).toBe("mine:1");
    expect(imageRef(parseConfig({ images: { source: "local" } }), "busybox")).toMatch(/^xnai\.local\/busybox:/);
  });
});

describe("who wrote the data", () => {
  const writers = (from: Program) =>
    ["qdrant", "vikunja", "redis", "vikunja-db"].map((name) => task(from, `${name}-prepare`).args[2]);

  it("is told to the task for services that have a stand-in", () => {
    expect(writers(program)).toEqual(["stand-in", "stand-in", "any", "any"]);
    expect(writers(other)).toEqual(["real", "real", "any", "any"]);
    const own = parseConfig({ images: { source: "local", refs: { qdrant: "registry.example/qdrant:v1.19.1" } } });
    expect([usesStandIn(own, "qdrant"), usesStandIn(own, "vikunja"), usesStandIn(own, "redis")]).toEqual([
      false,
      true,
      false,
    ]);
  });
});
