// What a change does that somebody should see before agreeing to it, in words: data that goes, ports that open and close, ways
// out, images, users and mounts that change.
import { plainDocker } from "../../../../lib/engine/traits.ts";
import type { Facts, NetworkFacts } from "../../../../policies/facts/model.ts";
import { factsOf, type PulumiResource } from "../../../../policies/facts/pulumi.ts";
import type { Change } from "../changes.ts";
import { containerDangers } from "./containers.ts";
import type { Danger } from "./danger.ts";
import { volumeDangers } from "./volumes.ts";
import { type Engines, wayOutDangers } from "./ways-out.ts";

const onDocker: Engines = { before: plainDocker, after: plainDocker };

/**
 * Sentences about everything dangerous in `changes`, the worst first.
 * @param unchanged resources that stay, which say what the networks are that a container joins. @default none
 * @param engines what they are for. @default Docker with root
 */
export function dangers(changes: Change[], unchanged: PulumiResource[] = [], engines = onDocker): string[] {
  const stays = unchanged.flatMap(factsOf);
  const [before, after] = [
    [...stays, ...changes.flatMap(({ before }) => (before ? factsOf(before) : []))],
    [...stays, ...changes.flatMap(({ after }) => (after ? factsOf(after) : []))],
  ];
  const found = [...changes.flatMap(dangersOf), ...wayOutDangers(before, after, engines)];
  const grouped = Map.groupBy(
    found.toSorted((a, b) => a.rank - b.rank),
    ({ rank, text }) => `${rank} ${text.join(" … ")}`,
  );
  return [...grouped.values()].map((group) => {
    const [before, after] = group[0]?.text ?? ["", ""];
    return `${before} ${[...new Set(group.map(({ about }) => about))].join(", ")}${after}`;
  });
}

function dangersOf({ before, after, fate }: Change): Danger[] {
  const [olds, nexts] = [before ? factsOf(before) : [], after ? factsOf(after) : []];
  const count = Math.max(olds.length, nexts.length);
  const replaced = fate === "replaced";
  const found = Array.from({ length: count }, (_, index) => factsDangers(olds[index], nexts[index], replaced)).flat();
  if (before && isPassword(before) && fate !== "updated") {
    const what = replaced ? "made anew: everything that uses the old one has to follow" : "removed";
    found.push({ rank: 3, about: before.name, text: ["Password", ` is ${what}.`] });
  }
  return found;
}

function factsDangers(old: Facts | undefined, next: Facts | undefined, replaced: boolean): Danger[] {
  const was = <K extends Facts["kind"]>(kind: K) =>
    old?.kind === kind ? (old as Extract<Facts, { kind: K }>) : undefined;
  if (old?.kind === "volume") return volumeDangers(old, next?.kind === "volume" ? next : undefined, replaced);
  if (next?.kind === "network") return networkDangers(was("network"), next);
  if (next?.kind === "container") return containerDangers(was("container"), next);
  return old?.kind === "container" ? containerDangers(old, undefined) : [];
}

function networkDangers(old: NetworkFacts | undefined, next: NetworkFacts): Danger[] {
  if (old?.internal !== true || next.internal !== false) return [];
  return [{ rank: 1, about: next.label, text: ["Network", " is no longer internal."] }];
}

function isPassword({ type }: PulumiResource): boolean {
  return type === "random:index/randomPassword:RandomPassword";
}
