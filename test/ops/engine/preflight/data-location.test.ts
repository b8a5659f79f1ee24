import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../../components/config/parse.ts";
import { exitCode } from "../../../../lib/errors.ts";
import { checkDataStays } from "../../../../ops/engine/preflight/data-location.ts";
import type { StackState } from "../../../../ops/pulumi/state.ts";
import { container, stateOf, volume } from "../../../support/state.ts";

describe("data", () => {
  const volumes = stateOf(volume("redis-data", "lab_redis_data"), volume("redis-config", "lab_redis_config"));
  const directory = (path: string) =>
    stateOf(container("redis-prepare", "1", { volumes: [{ hostPath: path }, { volumeName: "v" }] }));
  const stays = (values: Record<string, unknown>, known: StackState) =>
    checkDataStays(parseConfig({ prefix: "lab", ...values }), known);
  const refused = (text: string) =>
    expect.objectContaining({ code: exitCode.usage, message: expect.stringContaining(text) });

  it("stays where it is", () => {
    stays({}, stateOf());
    stays({}, volumes);
    stays({ storage: { root: "/srv/x" } }, directory("/srv/x/redis/data"));
    stays({ storage: { root: "/srv/x" } }, stateOf(volume("redis-config", "lab_redis_config")));
  });

  it("does not follow another prefix", () => {
    expect(() => stays({ prefix: "new" }, volumes)).toThrow(
      refused("prefix is new, but this stack's data is in volumes such as lab_redis_data"),
    );
  });

  it("does not follow into a directory, out of one, or into another", () => {
    expect(() => stays({ storage: { root: "/srv/x" } }, volumes)).toThrow(
      refused("storage.root is /srv/x, but this stack's data is in Docker volumes (lab_redis_data)"),
    );
    expect(() => stays({}, directory("/srv/x/redis/data"))).toThrow(
      refused("storage.root is not set, but this stack's data is in /srv/x/redis/data"),
    );
    expect(() => stays({ storage: { root: "/srv/x2" } }, directory("/srv/x/redis/data"))).toThrow(
      refused("storage.root is /srv/x2, but this stack's data is in /srv/x/redis/data"),
    );
    expect(() => stays({ storage: { root: "/srv/x" } }, directory("/srv/x2/redis/data"))).toThrow(
      refused("/srv/x2/redis/data"),
    );
  });
});
