// The changes that a preview proposes, or that a pull request makes: each resource before and after, and what becomes of it.
import { dockerTypes, type PulumiResource } from "../../../policies/facts/pulumi.ts";
import { nameOf, type PreviewEvents, type ResourceState } from "../../pulumi/events.ts";
import { changedProperties, type Property } from "./properties.ts";

/** What becomes of a resource. An updated one stays the same thing on the engine. */
export type Fate = "updated" | "replaced" | "removed" | "added";

/** A resource before and after; one of the two is missing when it is made or removed. */
export interface Change {
  before: PulumiResource | undefined;
  after: PulumiResource | undefined;
  fate: Fate;
}

/** Everything that differs, and what does not. */
export interface Changes {
  changes: Change[];
  /** Resources that stay as they are. Components are in neither: nothing on the engine belongs to them. */
  unchanged: PulumiResource[];
}

const isComponent = (type: string) => type.startsWith("xnai:") || type === "pulumi:pulumi:Stack";

/** The changes that a preview of an existing stack proposes. */
export function proposedChanges({ steps }: PreviewEvents): Changes {
  const changes = new Map<string, Change>();
  const unchanged: PulumiResource[] = [];
  for (const { op, urn, type, old, new: next } of steps) {
    if (op === "read" || op === "refresh" || isComponent(type)) continue;
    const resource = (state: ResourceState | undefined): PulumiResource | undefined =>
      state && { urn, type, name: nameOf(urn), props: state.inputs, retained: state.retained };
    if (op === "same") {
      unchanged.push(...[resource(next ?? old)].filter((each) => each !== undefined));
      continue;
    }
    // A replacement comes as several steps about the same resource.
    const known = changes.get(urn);
    const gone = op.startsWith("delete") || op.startsWith("discard");
    const before = known?.before ?? resource(old);
    const after = known?.after ?? (gone ? undefined : resource(next));
    const replaced = known?.fate === "replaced" || op.includes("replace");
    changes.set(urn, { before, after, fate: fateOf(before, after, replaced) });
  }
  return { changes: [...changes.values()], unchanged: unchanged.filter(({ urn }) => !changes.has(urn)) };
}

/**
 * The changes between two programs, each previewed against an empty state: what a pull request changes.
 * @param followers names of the resources that are made again when one of these names is; the names themselves included
 */
export function comparedChanges(
  before: PulumiResource[],
  after: PulumiResource[],
  followers: (names: string[]) => Set<string> = (names) => new Set(names),
): Changes {
  const old = new Map(before.filter(({ type }) => !isComponent(type)).map((each) => [each.urn, each]));
  const next = new Map(after.filter(({ type }) => !isComponent(type)).map((each) => [each.urn, each]));
  const pairs = [...new Set([...old.keys(), ...next.keys()])].map((urn) => ({
    before: old.get(urn),
    after: next.get(urn),
  }));
  const differ = pairs.flatMap((pair): Change[] => {
    const properties = changedProperties(pair.before?.props, pair.after?.props, pair.after?.type);
    const kept = pair.before?.retained === pair.after?.retained;
    if (pair.before && pair.after && kept && properties.length === 0) return [];
    return [{ ...pair, fate: fateOf(pair.before, pair.after, replaces(pair.after?.type, properties)) }];
  });
  const again = followers(differ.filter(({ fate }) => fate !== "updated").flatMap(({ after }) => after?.name ?? []));
  const differing = new Map(differ.map((change) => [urnOf(change), change]));
  const changes = pairs.flatMap((pair): Change[] => {
    const change = differing.get(urnOf(pair));
    const follows = pair.before && pair.after && isMadeAgain(pair.after.type) && again.has(pair.after.name);
    if (follows) return [{ ...pair, fate: "replaced" }];
    return change ? [change] : [];
  });
  const changed = new Set(changes.map(urnOf));
  return { changes, unchanged: [...next.values()].filter(({ urn }) => !changed.has(urn)) };
}

const urnOf = ({ before, after }: Pick<Change, "before" | "after">) => after?.urn ?? before?.urn ?? "";

function fateOf(before: unknown, after: unknown, replaced: boolean): Fate {
  if (!before) return "added";
  if (!after) return "removed";
  return replaced ? "replaced" : "updated";
}

/** Only these follow others: what they work on is made again with them. */
const isMadeAgain = (type: string) => type === dockerTypes.container || type === "random:index/randomUuid:RandomUuid";

/**
 * Properties that the provider changes in place, or keeps for itself: everything else makes the resource anew. Source: the
 * schema of terraform-provider-docker at the commit in airgap/toolchain/providers/go.mod, without what
 * components/engine/service.ts lists under `replaceOnChanges`.
 */
const inPlace: Record<string, RegExp> = {
  [dockerTypes.container]:
    /^(restart|maxRetryCount|memory|memoryReservation|memorySwap|cpuShares|cpuSet|device(Read|Write)\w+|rm|start|wait|attach|logs|mustRun|removeVolumes|containerReadRefreshTimeoutMilliseconds)\b/,
  [dockerTypes.image]: /^(keepLocally|forceRemove)\b/,
  [dockerTypes.provider]: /./,
  "pulumi:providers:random": /./,
};

function replaces(type: string | undefined, properties: Property[]): boolean {
  const kept = inPlace[type ?? ""];
  return properties.some(({ path }) => !kept?.test(path));
}
