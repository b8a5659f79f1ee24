import { describe, expect, it } from "vitest";
import { comparedChanges, proposedChanges } from "../../../../ops/audit/review/changes.ts";
import { dangers } from "../../../../ops/audit/review/dangers.ts";
import { dockerTypes } from "../../../../policies/facts/pulumi.ts";
import { changed, goodStack } from "../../../policies/support/stack.ts";
import { event, log } from "./event-log.ts";

const between = (after: ReturnType<typeof goodStack>) => dangers(comparedChanges(goodStack(), after));
const without = (name: string) => goodStack().filter((each) => each.name !== name);

describe("what a change does, in words", () => {
  it.each([
    ["nothing", goodStack(), []],
    [
      "a port on another address",
      changed("redis", { ports: [{ internal: 6379, external: 6379, ip: "0.0.0.0" }] }),
      ["Port 6379 opens on 0.0.0.0 for app_redis (container port 6379)."],
    ],
    [
      "one more port",
      changed("caddy", {
        ports: [
          { internal: 8000, external: 8000, ip: "127.0.0.1" },
          { internal: 8443, external: 8443, ip: "127.0.0.1" },
        ],
      }),
      ["Port 8443 opens on 127.0.0.1 for app_caddy (container port 8443)."],
    ],
    [
      "an image",
      changed("redis", { image: "redis:9" }),
      [expect.stringMatching(/^Image of app_redis changes from redis:1\.2\.3@.* to redis:9\.$/)],
    ],
    ["a user", changed("redis", { user: "0:0" }), ["User of app_redis changes from 1000:1000 to 0:0."]],
    ["privileges", changed("redis", { privileged: true }), ["Container app_redis becomes privileged."]],
    [
      "a capability",
      changed("redis", { capabilities: { drops: ["ALL"], adds: ["SYS_ADMIN"] } }),
      ["Container app_redis gets the capability SYS_ADMIN."],
    ],
    [
      "a writable root",
      changed("redis", { readOnly: false }),
      ["Container app_redis may write to its root file system."],
    ],
    [
      "a mount",
      changed("redis", { volumes: [{ hostPath: "/etc", containerPath: "/e", readOnly: true }] }),
      ["Container app_redis mounts /etc at /e (read-only)."],
    ],
    [
      "a network",
      changed("redis", { networksAdvanced: [{ name: "app_network" }, { name: "app_egress" }] }),
      ["Container app_redis joins the network app_egress."],
    ],
    ["a network that opens", changed("back", { internal: false }), ["Network app_db is no longer internal."]],
    ["a container that goes", without("postgres"), ["Container app_postgres is removed."]],
    [
      "a volume that goes, and is kept",
      without("data"),
      ["Volume app_qdrant_data is removed: its data stays on the engine, but nothing uses it any more."],
    ],
    [
      "a volume that is no longer kept",
      goodStack().map((each) => (each.name === "data" ? { ...each, retained: false } : each)),
      ["Volume app_qdrant_data is no longer retained: a destroy would delete its data."],
    ],
  ])("%s", (_, after, expected) => expect(between(after)).toEqual(expected));

  it("puts lost data first", () => {
    const before = goodStack().map((each) => (each.name === "data" ? { ...each, retained: false } : each));
    const after = changed("redis", { image: "redis:9" }).filter(({ name }) => name !== "data");
    expect(dangers(comparedChanges(before, after))[0]).toBe("Volume app_qdrant_data is removed: its data is deleted.");
  });

  it("reads replacements from a preview", () => {
    const volume = { name: "app_data", labels: [] };
    const events = log(
      event("create-replacement", dockerTypes.volume, "data", volume, { ...volume, driver: "other" }),
      event("replace", dockerTypes.volume, "data", volume, { ...volume, driver: "other" }),
      event("delete-replaced", dockerTypes.volume, "data", volume),
      event("delete", "random:index/randomPassword:RandomPassword", "redis-password", { length: 32 }),
    );
    expect(dangers(proposedChanges(events))).toEqual([
      "Volume app_data is replaced: its data is deleted.",
      "Password redis-password is removed.",
    ]);
  });
});
