// The changes that a preview proposes, or that a pull request makes: each resource before and after.
import type { PulumiResource } from "../../../policies/facts/pulumi.ts";
import { nameOf, type PreviewEvents, type ResourceState } from "../../pulumi/events.ts";

/** A resource before and after; one of the two is missing when it is made or removed. */
export interface Change {
  before: PulumiResource | undefined;
  after: PulumiResource | undefined;
  /** It is removed and made again. */
  replaced: boolean;
}

/** The changes that a preview of an existing stack proposes. */
export function proposedChanges({ steps }: PreviewEvents): Change[] {
  const changes = new Map<string, Change>();
  for (const { op, urn, type, old, new: next } of steps) {
    if (op === "same" || op === "read" || op === "refresh") continue;
    const resource = (state: ResourceState | undefined): PulumiResource | undefined =>
      state && { urn, type, name: nameOf(urn), props: state.inputs, retained: state.retained };
    // A replacement comes as several steps about the same resource.
    const known = changes.get(urn);
    const gone = op.startsWith("delete") || op.startsWith("discard");
    changes.set(urn, {
      before: known?.before ?? resource(old),
      after: known?.after ?? (gone ? undefined : resource(next)),
      replaced: Boolean(known?.replaced) || op.includes("replace"),
    });
  }
  return [...changes.values()];
}

/** The changes between two programs, each previewed against an empty state: what a pull request changes. */
export function comparedChanges(before: PulumiResource[], after: PulumiResource[]): Change[] {
  const old = new Map(before.map((each) => [each.urn, each]));
  const next = new Map(after.map((each) => [each.urn, each]));
  return [...new Set([...old.keys(), ...next.keys()])].map((urn) => ({
    before: old.get(urn),
    after: next.get(urn),
    replaced: false,
  }));
}
