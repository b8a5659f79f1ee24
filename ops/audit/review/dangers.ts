// What a change does that somebody should see before agreeing to it, in words: data that goes, ports that open, images and
// users that change.
import { isLoopback } from "../../../lib/addresses.ts";
import type { ContainerFacts, Facts, FactsOf, NetworkFacts, VolumeFacts } from "../../../policies/facts/model.ts";
import { factsOf, type PulumiResource } from "../../../policies/facts/pulumi.ts";
import { isKnown, knownOf, type Maybe, type MaybeList } from "../../../policies/facts/unknown.ts";
import type { Change } from "./changes.ts";

interface Danger {
  /** From 0, lost data, to 4, what can be made again. */
  rank: number;
  text: string;
}

/** Sentences about everything dangerous in `changes`, the worst first. */
export function dangers(changes: Change[]): string[] {
  return changes
    .flatMap(dangersOf)
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ text }) => text);
}

function dangersOf({ before, after, replaced }: Change): Danger[] {
  const [olds, nexts] = [before ? factsOf(before) : [], after ? factsOf(after) : []];
  const count = Math.max(olds.length, nexts.length);
  const found = Array.from({ length: count }, (_, index) => factsDangers(olds[index], nexts[index], replaced)).flat();
  if (before && isPassword(before) && (!after || replaced)) {
    const fate = after ? "made anew: everything that uses the old one has to follow" : "removed";
    found.push({ rank: 3, text: `Password ${before.name} is ${fate}.` });
  }
  return found;
}

function factsDangers(old: Facts | undefined, next: Facts | undefined, replaced: boolean): Danger[] {
  const found: Danger[] = [];
  if (old?.kind === "volume") found.push(...volumeDangers(old, next, replaced));
  if (next?.kind === "container") found.push(...containerDangers(ofKind(old, "container"), next));
  if (old?.kind === "container" && !next) found.push({ rank: 4, text: `Container ${old.label} is removed.` });
  if (next?.kind === "network") found.push(...networkDangers(ofKind(old, "network"), next));
  return found;
}

function ofKind<K extends Facts["kind"]>(facts: Facts | undefined, kind: K): FactsOf<K> | undefined {
  return facts?.kind === kind ? (facts as FactsOf<K>) : undefined;
}

function volumeDangers(old: VolumeFacts, next: Facts | undefined, replaced: boolean): Danger[] {
  if (next && !replaced) {
    if (next.kind !== "volume" || !old.retained || next.retained !== false) return [];
    return [{ rank: 1, text: `Volume ${old.label} is no longer retained: a destroy would delete its data.` }];
  }
  const fate = old.retained ? "its data stays on the engine, but nothing uses it any more" : "its data is deleted";
  return [{ rank: old.retained ? 2 : 0, text: `Volume ${old.label} is ${next ? "replaced" : "removed"}: ${fate}.` }];
}

function networkDangers(old: NetworkFacts | undefined, next: NetworkFacts): Danger[] {
  if (old?.internal !== true || next.internal !== false) return [];
  return [{ rank: 1, text: `Network ${next.label} is no longer internal.` }];
}

function containerDangers(old: ContainerFacts | undefined, next: ContainerFacts): Danger[] {
  const ports = openedPorts(old, next);
  return old ? [...ports, ...changedProperties(old, next), ...gained(old, next)] : ports;
}

/** Ports that were not published before; of a new container only those that others can reach. */
function openedPorts(old: ContainerFacts | undefined, next: ContainerFacts): Danger[] {
  const binding = ({ ip, external, internal }: { ip: unknown; external: unknown; internal: unknown }) =>
    JSON.stringify([ip, external, internal]);
  const before = new Set(knownOf(old?.ports ?? []).map(binding));
  return knownOf(next.ports)
    .filter((port) => !before.has(binding(port)))
    .flatMap(({ ip, external, internal }) => {
      const open = isKnown(ip) && !isLoopback(ip);
      if (!old && !open) return [];
      const text = `Port ${inWords(external)} opens on ${inWords(ip)} for ${next.label} (container port ${inWords(internal)}).`;
      return [{ rank: open ? 1 : 3, text }];
    });
}

function changedProperties(old: ContainerFacts, next: ContainerFacts): Danger[] {
  const properties: [what: string, before: Maybe<string>, after: Maybe<string>, rank: number][] = [
    ["Image", old.image, next.image, 3],
    ["User", old.user, next.user, 2],
    ["Network mode", old.networkMode, next.networkMode, 2],
  ];
  return properties
    .filter(([, before, after]) => before !== after)
    .map(([what, before, after, rank]) => ({
      rank,
      text: `${what} of ${next.label} changes from ${inWords(before)} to ${inWords(after)}.`,
    }));
}

/** What the container may do or see that it could not before. */
function gained(old: ContainerFacts, next: ContainerFacts): Danger[] {
  const container = `Container ${next.label}`;
  const found: Danger[] = [];
  if (next.privileged === true && old.privileged !== true)
    found.push({ rank: 0, text: `${container} becomes privileged.` });
  for (const capability of added(old.capAdd, next.capAdd))
    found.push({ rank: 1, text: `${container} gets the capability ${capability}.` });
  if (old.readOnly === true && next.readOnly === false)
    found.push({ rank: 2, text: `${container} may write to its root file system.` });
  for (const mount of added(mountsOf(old), mountsOf(next)))
    found.push({ rank: 3, text: `${container} mounts ${mount}.` });
  for (const network of added(networksOf(old), networksOf(next)))
    found.push({ rank: 3, text: `${container} joins the network ${network}.` });
  return found;
}

function mountsOf(container: ContainerFacts): string[] {
  return knownOf(container.mounts).map(
    ({ source, target, readOnly }) =>
      `${inWords(source)} at ${inWords(target)}${readOnly === true ? " (read-only)" : ""}`,
  );
}

function networksOf(container: ContainerFacts): string[] {
  return knownOf(container.networks).map(({ network }) => inWords(network));
}

function added(before: MaybeList<string>, after: MaybeList<string>): string[] {
  const old = new Set(knownOf(before));
  return knownOf(after).filter((each) => !old.has(each));
}

function isPassword({ type }: PulumiResource): boolean {
  return type === "random:index/randomPassword:RandomPassword";
}

function inWords(value: Maybe<string | number>): string {
  return isKnown(value) ? String(value) || "the image's" : "something not known yet";
}
