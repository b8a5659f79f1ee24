// How the rooms of docs/architecture.md are told from the imports.
import { describe, expect, it } from "vitest";
import { arrows, drawn, floors, roomOf } from "../.ci/arrows.ts";

const module = (source: string, ...imports: string[]) => ({
  source,
  dependencies: imports.map((resolved) => ({ resolved })),
});

describe("the house", () => {
  it("has a room for each folder, and for each file that is in none", () => {
    expect(["index.ts", "lib/table.ts", "components/stack.ts", "components/redis/config.ts"].map(roomOf)).toEqual([
      "index.ts",
      "lib/",
      "components/stack.ts",
      "components/redis/",
    ]);
    expect(roomOf("components/config/keys/base.ts")).toBe("components/config/keys/");
    expect(roomOf("policies/adapters/pack/session.ts")).toBe("policies/adapters/");
  });

  it("puts a room above all that it knows, and leaves out what is not ours", () => {
    const rooms = arrows([
      module("ops/verbs/up.ts", "components/stack.ts", "lib/table.ts", "node_modules/zod/index.js"),
      module("components/stack.ts", "lib/table.ts"),
      module("lib/table.ts"),
    ]);
    expect(floors(rooms)).toEqual([["lib/"], ["components/stack.ts"], ["ops/verbs/"]]);
    expect(drawn(floors(rooms))).toMatch(/\| `verbs\/` \|.*\n\| {2}\| `stack\.ts` \|.*\n\|.*\| `lib\/` \|/);
  });

  it("has no two rooms that know each other", () => {
    const rooms = arrows([
      module("ops/a/x.ts", "ops/b/x.ts"),
      module("ops/b/x.ts", "ops/a/y.ts"),
      module("ops/a/y.ts"),
    ]);
    expect(() => floors(rooms)).toThrow("a circle of rooms: ops/a/ -> ops/b/ -> ops/a/");
  });
});
