// Which containers reach further after a change than before.
import type { EngineTraits } from "../../../../lib/engine/traits.ts";
import { Inventory } from "../../../../policies/facts/inventory.ts";
import type { ContainerFacts, Facts } from "../../../../policies/facts/model.ts";
import { isKnown } from "../../../../policies/facts/unknown.ts";
import { endsAtHost, networkOwner, ttl, wayOut } from "../../../../policies/rules/exposure/way-out.ts";
import type { Danger } from "./danger.ts";

const reaches = ["this host only", "hosts on the same network", "whatever this host can reach, the internet included"];

/** What the stack was for, and what it is for now: what leads out differs between engines. */
export interface Engines {
  before: EngineTraits;
  after: EngineTraits;
}

/** A sentence for each container that reaches further. @param before everything there was; `after` everything there is */
export function wayOutDangers(before: Facts[], after: Facts[], engines: Engines): Danger[] {
  const [old, next] = [new Inventory(before), new Inventory(after)];
  return after.flatMap((facts): Danger[] => {
    if (facts.kind !== "container") return [];
    const was = before.find((each): each is ContainerFacts => each.kind === "container" && each.label === facts.label);
    const [from, to] = [was ? reachOf(was, old, engines.before) : 0, reachOf(facts, next, engines.after)];
    if (to <= from) return [];
    const until = was ? ` (until now: ${reaches[from]})` : "";
    return [{ rank: 1, about: facts.label, text: ["A way out opens:", ` can connect to ${reaches[to]}${until}.`] }];
  });
}

/** Index into `reaches`. What is not known yet is decided by the rules, at `up`. */
function reachOf(container: ContainerFacts, inventory: Inventory, engine: EngineTraits): number {
  const owner = networkOwner(container, inventory);
  if (owner.networkMode === "host") return 2;
  const way = wayOut(owner, inventory, engine);
  if (!isKnown(way) || way === undefined) return 0;
  if (endsAtHost(owner, way, engine) !== true) return 2;
  return isKnown(owner.sysctls) && owner.sysctls[ttl] === "2" ? 1 : 0;
}
