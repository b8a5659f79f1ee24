import { describe, expect, it } from "vitest";
import { previewMarkdown } from "../../../../ops/audit/review/comment.ts";
import { readEvents } from "../../../../ops/pulumi/events.ts";
import { dockerTypes } from "../../../../policies/facts/pulumi.ts";
import { event, log, urn } from "./event-log.ts";

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
