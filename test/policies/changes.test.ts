import { describe, expect, it } from "vitest";
import { comparedChanges, proposedChanges } from "../../ops/audit/review/changes.ts";
import { previewMarkdown } from "../../ops/audit/review/comment.ts";
import { dangers } from "../../ops/audit/review/dangers.ts";
import { relaxations } from "../../ops/audit/review/relaxations.ts";
import { plannedResources, policyViolated, readEvents } from "../../ops/pulumi/events.ts";
import { dockerTypes } from "../../policies/facts/pulumi.ts";
import { changed, goodStack, resource } from "./support/stack.ts";

const between = (after: ReturnType<typeof goodStack>) => dangers(comparedChanges(goodStack(), after));
const without = (name: string) => goodStack().filter((each) => each.name !== name);
const urn = (type: string, name: string) => `urn:pulumi:dev::app::${type}::${name}`;
const event = (op: string, type: string, name: string, old?: object, next?: object, more: object = {}) =>
  JSON.stringify({
    resourcePreEvent: {
      metadata: {
        op,
        type,
        urn: urn(type, name),
        old: old && { inputs: old, ...more },
        new: next && { inputs: next, ...more },
      },
    },
  });
const end = JSON.stringify({ summaryEvent: {} });
const log = (...lines: string[]) => readEvents([...lines, end].join("\n"));

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

describe("relaxed rules", () => {
  it.each([
    [{}, {}, []],
    [{}, { "image-pinned": "advisory" }, ["Rule image-pinned goes from its default level to advisory."]],
    [{ all: "mandatory" }, { all: "disabled" }, ["Rule all goes from mandatory to disabled."]],
    [
      {},
      { "port-bound-to-loopback": { addresses: ["0.0.0.0"] } },
      ['Rule port-bound-to-loopback changes its parameters from {} to {"addresses":["0.0.0.0"]}.'],
    ],
    [{}, { settings: { egress: ["redis"] } }, ['The shared policy settings change: {"egress":["redis"]}']],
    [
      { settings: { exemptions: [{ rule: "a", resource: "x", reason: "old", expires: "2030-01-01" }] } },
      {
        settings: {
          exemptions: [
            { rule: "a", resource: "x", reason: "old", expires: "2030-01-01" },
            { rule: "b", resource: "y", reason: "new", expires: "2031-01-01" },
          ],
        },
      },
      ["Exemption for b on y until 2031-01-01: new"],
    ],
  ])("%j to %j", (before, after, expected) => expect(relaxations(before, after)).toEqual(expected));
});

describe("a preview as Markdown", () => {
  const redis = { name: "app_redis", image: "redis:1", ports: [] };
  const open = { ...redis, ports: [{ internal: 6379, external: 6379, ip: "0.0.0.0" }] };
  const violation = JSON.stringify({
    policyEvent: {
      policyName: "port-bound-to-loopback",
      resourceUrn: urn(dockerTypes.container, "redis"),
      enforcementLevel: "mandatory",
      message: "Title.\napp_redis publishes.\n",
    },
  });
  const failure = JSON.stringify({ diagnosticEvent: { severity: "error", message: "preview failed\n" } });

  it("puts what is dangerous before everything else", () => {
    const text = previewMarkdown(
      log(event("update", dockerTypes.container, "redis", redis, open), violation, failure),
      { stack: "dev", policy: { before: {}, after: { all: "advisory" } } },
    );
    const order = [
      "<!-- xnai-preview -->",
      "❌ 1 to update.",
      "Look at this first",
      "Rule all goes",
      "Port 6379 opens",
      "Broken rules",
      "app\\_redis publishes",
      "All steps (1)",
    ].map((part) => text.indexOf(part));
    expect(order.every((at) => at >= 0)).toBe(true);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });
  it("names a rule once that the pack and the program found broken", () => {
    const own = JSON.stringify({
      diagnosticEvent: { severity: "error", message: "Policy port-bound-to-loopback: app_redis publishes.\n" },
    });
    const text = previewMarkdown(log(violation, own), { stack: "dev" });
    expect(text.match(/app\\_redis publishes/g)).toHaveLength(1);
    expect(text).not.toContain("**Errors**");
  });
  it("is short and green when nothing changes", () => {
    expect(previewMarkdown(log(), { stack: "dev" })).toBe(
      "<!-- xnai-preview -->\n### Preview of `dev`\n\n✅ nothing to change.\n",
    );
  });
  it("says so when the preview broke off, and why", () => {
    const text = previewMarkdown(
      readEvents(JSON.stringify({ diagnosticEvent: { severity: "error", message: "no such image\n" } })),
      { stack: "dev" },
    );
    expect(text).toContain("❌ nothing to change. The preview did not come to its end.");
    expect(text).toContain("- no such image");
  });
  it("fits into a comment", () => {
    const many = Array.from({ length: 3000 }, (_, i) =>
      event("create", dockerTypes.container, `container-${i}`, undefined, redis),
    );
    expect(previewMarkdown(log(...many), { stack: "dev" }).length).toBeLessThan(65_536);
  });
});

describe("the event log", () => {
  it("tells a policy from any other failure", () => {
    const error = (message: string) => JSON.stringify({ diagnosticEvent: { severity: "error", message } });
    expect(policyViolated(log(error("Policy image-pinned: x")))).toBe(true);
    expect(policyViolated(log(error("boom")))).toBe(false);
    expect(policyViolated(log(error("preview failed\n")))).toBe(false);
  });
  it("gives the resources that would exist afterwards", () => {
    const events = log(
      "not json",
      "{broken",
      event("create", dockerTypes.network, "a", undefined, { name: "n" }, { retainOnDelete: true }),
      event("delete", dockerTypes.network, "b", { name: "m" }),
    );
    expect(plannedResources(events)).toEqual([
      resource("network", "a", { name: "n" }, { urn: urn(dockerTypes.network, "a"), retained: true }),
    ]);
  });
});
