// What a change does that somebody should see before agreeing to it, in words: data that goes, ports that open, images
// and users that change, rules that are relaxed. Pure: from the inputs before and after.

import { isLoopback } from "../../lib/addresses.ts";
import type { Facts, FactsOf } from "../../policies/facts/model.ts";
import { factsOf, type PulumiResource } from "../../policies/facts/pulumi.ts";
import { isKnown, knownOf, type Maybe, type MaybeList } from "../../policies/facts/unknown.ts";
import { nameOf, type PreviewEvents } from "../pulumi/events.ts";

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
    const resource = (state: typeof old): PulumiResource | undefined =>
      state && { urn, type, name: nameOf(urn), props: state.inputs, retained: state.retained };
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

/** Sentences about everything dangerous in `changes`, the worst first. */
export function dangers(changes: Change[]): string[] {
  const found: { rank: number; text: string }[] = [];
  const say = (rank: number, text: string) => found.push({ rank, text });
  for (const { before, after, replaced } of changes) {
    const [old, next] = [before && factsOf(before), after && factsOf(after)];
    if (old?.kind === "volume") aboutVolume(old, next, replaced, say);
    if (next?.kind === "container") aboutContainer(old?.kind === "container" ? old : undefined, next, say);
    if (old?.kind === "container" && !next) say(4, `Container ${old.label} is removed.`);
    if (next?.kind === "network") aboutNetwork(old?.kind === "network" ? old : undefined, next, say);
    if (before && isPassword(before) && (!after || replaced)) {
      say(
        3,
        `Password ${before.name} is ${after ? "made anew: everything that uses the old one has to follow" : "removed"}.`,
      );
    }
  }
  return found.toSorted((a, b) => a.rank - b.rank).map(({ text }) => text);
}

type Say = (rank: number, text: string) => void;

function aboutVolume(old: FactsOf<"volume">, next: Facts | undefined, replaced: boolean, say: Say): void {
  if (next && !replaced) {
    if (next.kind === "volume" && old.retained && next.retained === false) {
      say(1, `Volume ${old.label} is no longer retained: a destroy would delete its data.`);
    }
    return;
  }
  const fate = old.retained ? "its data stays on the engine, but nothing uses it any more" : "its data is deleted";
  say(old.retained ? 2 : 0, `Volume ${old.label} is ${next ? "replaced" : "removed"}: ${fate}.`);
}

function aboutContainer(old: FactsOf<"container"> | undefined, next: FactsOf<"container">, say: Say): void {
  const was = new Set(knownOf(old?.ports ?? []).map((port) => JSON.stringify([port.ip, port.external, port.internal])));
  for (const { ip, external, internal } of knownOf(next.ports)) {
    if (was.has(JSON.stringify([ip, external, internal]))) continue;
    const open = isKnown(ip) && !isLoopback(ip);
    if (!old && !open) continue;
    say(
      open ? 1 : 3,
      `Port ${shown(external)} opens on ${shown(ip)} for ${next.label} (container port ${shown(internal)}).`,
    );
  }
  if (!old) return;
  const changed = (what: string, a: Maybe<string>, b: Maybe<string>, rank: number) => {
    if (a !== b) say(rank, `${what} of ${next.label} changes from ${shown(a)} to ${shown(b)}.`);
  };
  changed("Image", old.image, next.image, 3);
  changed("User", old.user, next.user, 2);
  changed("Network mode", old.networkMode, next.networkMode, 2);
  if (next.privileged === true && old.privileged !== true) say(0, `Container ${next.label} becomes privileged.`);
  for (const capability of added(old.capAdd, next.capAdd))
    say(1, `Container ${next.label} gets the capability ${capability}.`);
  if (old.readOnly === true && next.readOnly === false)
    say(2, `Container ${next.label} may write to its root file system.`);
  const mounted = (container: FactsOf<"container">) =>
    knownOf(container.mounts).map(
      (mount) => `${shown(mount.source)} at ${shown(mount.target)}${mount.readOnly === true ? " (read-only)" : ""}`,
    );
  for (const mount of added(mounted(old), mounted(next))) say(3, `Container ${next.label} mounts ${mount}.`);
  const joined = (container: FactsOf<"container">) => knownOf(container.networks).map(({ network }) => shown(network));
  for (const network of added(joined(old), joined(next)))
    say(3, `Container ${next.label} joins the network ${network}.`);
}

function aboutNetwork(old: FactsOf<"network"> | undefined, next: FactsOf<"network">, say: Say): void {
  if (old?.internal === true && next.internal === false) say(1, `Network ${next.label} is no longer internal.`);
}

/**
 * Sentences about what a changed policy configuration no longer forbids: rules at a lower level, parameters that
 * differ, exemptions that were not there.
 */
export function relaxations(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const found: string[] = [];
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[name], after[name]];
    if (JSON.stringify(was) === JSON.stringify(is)) continue;
    if (name === "settings") {
      const old = new Set(exemptions(was).map((each) => JSON.stringify(each)));
      for (const each of exemptions(is)) {
        if (old.has(JSON.stringify(each))) continue;
        found.push(`Exemption for ${each.rule} on ${each.resource} until ${each.expires}: ${each.reason}`);
      }
      if (JSON.stringify(without(was, "exemptions")) !== JSON.stringify(without(is, "exemptions"))) {
        found.push(`The shared policy settings change: ${JSON.stringify(without(is, "exemptions"))}`);
      }
      continue;
    }
    const [from, to] = [levelIn(was), levelIn(is)];
    if (from !== to) found.push(`Rule ${name} goes from ${from} to ${to}.`);
    const [a, b] = [JSON.stringify(without(was, "enforcementLevel")), JSON.stringify(without(is, "enforcementLevel"))];
    if (a !== b) found.push(`Rule ${name} changes its parameters from ${a} to ${b}.`);
  }
  return found;
}

interface RawExemption {
  rule?: unknown;
  resource?: unknown;
  expires?: unknown;
  reason?: unknown;
}

function exemptions(settings: unknown): RawExemption[] {
  const list = (settings as { exemptions?: unknown } | undefined)?.exemptions;
  return Array.isArray(list) ? (list as RawExemption[]) : [];
}

function levelIn(value: unknown): string {
  const level =
    typeof value === "object" && value !== null ? (value as { enforcementLevel?: unknown }).enforcementLevel : value;
  return typeof level === "string" ? level : "its default level";
}

function without(value: unknown, key: string): object {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}

function isPassword({ type }: PulumiResource): boolean {
  return type === "random:index/randomPassword:RandomPassword";
}

function added(before: MaybeList<string>, after: MaybeList<string>): string[] {
  const old = new Set(knownOf(before));
  return knownOf(after).filter((each) => !old.has(each));
}

function shown(value: Maybe<string | number>): string {
  return isKnown(value) ? String(value) || "the image's" : "something not known yet";
}
