// What a review says is made again, against what the program's own markers follow.
import { beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../../../components/config/parse.ts";
import { asNumber } from "../../../../components/engine/service-container.ts";
import { followersIn } from "../../../../ops/audit/review/follow-ups.ts";
import { type Registered, run } from "../../../support/program.ts";

describe("what is made again", { timeout: 60_000 }, () => {
  const image = "localhost/rag:latest";
  const id = `sha256:${"0".repeat(64)}`;
  const config = parseConfig({ apps: { rag: { image, health: { tcp: 80 }, database: {} } } }, "here", {
    images: { [image]: { id, entrypoint: [], command: [], user: "", volumes: [] } },
  });
  const followers = followersIn(config);
  let all: Registered[];
  beforeAll(async () => {
    const build = async () => {
      const { Stack } = await import("../../../../components/stack.ts");
      return new Stack("stack", config);
    };
    all = (await run(build)).all;
  }, 60_000);

  /** Names that a container follows: its property is a number made from their ids. */
  function followedBy(waitTimeout: unknown): string[] {
    const names = all.map(({ name }) => name);
    const lists = names.flatMap((a) => [[a], ...names.map((b) => [a, b])]);
    return lists.find((list) => asNumber(list.map((name) => `id-of-${name}`).join(" ")) === waitTimeout) ?? [];
  }

  /** Names of what follows each, by the ids that stand in keepers and in `waitTimeout`. */
  function followersByName(): Map<string, string[]> {
    const edges = all.flatMap(({ inputs, name }) => {
      const { follows = "" } = (inputs.keepers ?? {}) as { follows?: string };
      const ids = follows.split(" ").map((id) => id.replace("id-of-", ""));
      const followed = [...ids, ...("waitTimeout" in inputs ? followedBy(inputs.waitTimeout) : [])];
      return followed.map((from) => [from, name] as const);
    });
    const grouped = Map.groupBy(edges, ([from]) => from);
    return new Map([...grouped].map(([from, found]) => [from, found.map(([, to]) => to)]));
  }

  it("is what the markers follow", () => {
    const markers = all.filter(({ kind }) => kind === "RandomUuid" || kind === "Container");
    expect(markers.length).toBeGreaterThan(15);
    const edges = followersByName();
    for (const { name } of markers) {
      const really = new Set([name]);
      for (const each of really) for (const to of edges.get(each) ?? []) really.add(to);
      expect([...followers([name])].sort(), name).toEqual([...really].sort());
    }
  });

  it("goes from Postgres to what it does for apps, and from a password to the app whose it is", () => {
    expect([...followers(["postgres"])]).toEqual(
      expect.arrayContaining(["vikunja-db-joins-databases", "postgres-for-rag", "vikunja"]),
    );
    expect([...followers(["postgres"])]).not.toContain("rag");
    expect([...followers(["databases"])]).toEqual(expect.arrayContaining(["vikunja-db-joins-databases", "rag"]));
    expect([...followers(["postgres-rag-password"])]).toContain("postgres-for-rag");
  });

  it("begins with whoever reads a password that is made anew", () => {
    expect([...followers(["redisPassword"])].sort()).toEqual([
      "redis",
      "redis-prepare",
      "redis-ready",
      "redisPassword",
    ]);
    expect([...followers(["vikunjaDatabasePassword"])]).toEqual(
      expect.arrayContaining(["vikunja-db-prepare", "vikunja-db-setup", "postgres", "vikunja-prepare", "vikunja"]),
    );
  });
});
