import type Docker from "dockerode";
import { expect, it } from "vitest";
import { parseConfig } from "../../../../components/config/parse.ts";
import { exitCode } from "../../../../lib/errors.ts";
import { differences } from "../../../../ops/engine/drift/compare.ts";
import { checkSameData } from "../../../../ops/engine/drift/same-data.ts";
import { container, stateOf } from "../../../support/state.ts";

const labels = { "io.xnai.stack": "lab", "io.xnai.service": "redis" };
const volumes = [{ volumeName: "lab_redis_data", containerPath: "/data" }];
const state = stateOf(container("redis", "old", { name: "lab_redis", volumes }, labels));

/** The engine has another container of that name, with these volumes. */
function check(...mounted: string[]): void {
  const other = {
    Id: "new",
    Names: ["/lab_redis"],
    Labels: labels,
    State: "running",
    Mounts: mounted.map((Name) => ({ Name })),
  };
  const view = { containers: [other as unknown as Docker.ContainerInfo], networks: [], volumes: [] };
  const found = differences({ config: parseConfig({ prefix: "lab" }), state, view });
  expect(found.map(({ inTheWay }) => inTheWay?.name)).toEqual(["lab_redis"]);
  checkSameData(found, state, view);
}

it("of a container that something else made anew lets it be replaced", () => {
  check("lab_redis_data", "another");
});

it("that it does not have keeps it, with what it may have written", () => {
  expect(() => check("another")).toThrow(
    expect.objectContaining({
      code: exitCode.machine,
      message: expect.stringContaining("lab_redis was made anew by something else, and without lab_redis_data"),
      fix: expect.stringContaining("docker rename lab_redis lab_redis_aside"),
    }),
  );
});
