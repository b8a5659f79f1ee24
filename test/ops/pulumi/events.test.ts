import { describe, expect, it } from "vitest";
import { plannedResources, policyViolated, proposesNothing, readEvents } from "../../../ops/pulumi/events.ts";
import { dockerTypes } from "../../../policies/facts/pulumi.ts";
import { resource } from "../../policies/support/stack.ts";
import { event, log, urn } from "../audit/review/event-log.ts";

describe("the event log", () => {
  it("tells a policy from any other failure", () => {
    const error = (message: string) => JSON.stringify({ diagnosticEvent: { severity: "error", message } });
    expect(policyViolated(log(error("Policy image-pinned: x")))).toBe(true);
    expect(policyViolated(log(error("boom")))).toBe(false);
    expect(policyViolated(log(error("preview failed\n")))).toBe(false);
  });
  it("tells a preview that proposes nothing from every other one", () => {
    const same = event("same", dockerTypes.network, "a", {}, {});
    const outputs = (before: object, after: object) =>
      JSON.stringify({
        resOutputsEvent: {
          metadata: { type: "pulumi:pulumi:Stack", old: { outputs: before }, new: { outputs: after } },
        },
      });
    expect(proposesNothing(log(same, outputs({ a: 1 }, { a: 1 })))).toBe(true);
    expect(proposesNothing(log(same, outputs({ a: 1 }, { a: 2 })))).toBe(false);
    expect(proposesNothing(log(same, event("update", dockerTypes.network, "b", {}, {})))).toBe(false);
    // One that was cut off.
    expect(proposesNothing(readEvents(same))).toBe(false);
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
