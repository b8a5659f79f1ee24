// A service that somebody took off a network which it had joined while it ran.
import type Docker from "dockerode";
import { expect, it } from "vitest";
import { joinedDifferences } from "../../../../ops/engine/drift/joined.ts";
import type { EngineView } from "../../../../ops/engine/drift/view.ts";
import { marker, stateOf } from "../../../support/state.ts";

const joins = JSON.stringify({ container: "lab_vikunja_db", network: "lab_databases", alias: "postgres" });
const joined = { ...marker("vikunja-db-joins-databases", {}), inputs: { keepers: { joins, follows: "1 2" } } };
const view = (networks: string[], on: string[]) =>
  ({
    networks: networks.map((Name) => ({ Name })),
    containers: [
      {
        Names: ["/lab_vikunja_db"],
        NetworkSettings: { Networks: Object.fromEntries(on.map((name) => [name, {}])) },
      },
    ] as unknown as Docker.ContainerInfo[],
    volumes: [],
  }) as unknown as EngineView;

it("joins it again, and is not made anew", () => {
  expect(joinedDifferences(stateOf(joined), view(["lab_databases"], ["lab_db"]))).toEqual([
    {
      text: "the container lab_vikunja_db is not on lab_databases any more: it joins it again, without a restart",
      replace: [joined.urn],
    },
  ]);
});

it("is as it was left while it is there, and a network that is gone is told of by itself", () => {
  expect(joinedDifferences(stateOf(joined), view(["lab_databases"], ["lab_db", "lab_databases"]))).toEqual([]);
  expect(joinedDifferences(stateOf(joined), view([], ["lab_db"]))).toEqual([]);
  expect(joinedDifferences(stateOf(), view(["lab_databases"], []))).toEqual([]);
});
