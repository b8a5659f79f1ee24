// What a container is: which service, and whether it is a task. A service is known by its label and by its image, never
// by its name; if the two disagree it is both, and a permission must then hold for both.
import { label } from "../../lib/labels.ts";
import { joined, type Said, shown } from "../say.ts";
import type { Settings } from "../settings.ts";
import type { ContainerFacts, NamedFact } from "./model.ts";
import { productOf } from "./products.ts";
import { isKnown, type Maybe, type MaybeList, UNKNOWN } from "./unknown.ts";

/** The value of a label or variable; undefined if it is not there. */
export function lookup(list: MaybeList<NamedFact>, name: string): Maybe<string | undefined> {
  if (!isKnown(list)) return UNKNOWN;
  const hit = list.find((entry) => isKnown(entry) && entry.name === name);
  if (hit && isKnown(hit)) return hit.value;
  return list.every(isKnown) ? undefined : UNKNOWN;
}

/** The services that a container is: by its label, and by the product of its image. Empty if it is none that is known. */
export function identities(container: ContainerFacts, settings: Settings): Maybe<string[]> {
  const service = lookup(container.labels, label.service);
  if (!isKnown(service) || !isKnown(container.image)) return UNKNOWN;
  const product = productOf(container.image, settings)?.id;
  return [...new Set([service, product].filter((id) => id !== undefined))];
}

/** How a message names the services that a container is. */
export function shownIds(ids: readonly string[]): Said {
  return joined(
    ids.map((id) => shown(id, "service")),
    " and ",
  );
}

/** Whether the settings allow the container to reach outside of the host, by its service, product or name. */
export function mayReachOutside(container: ContainerFacts, settings: Settings): Maybe<boolean> {
  if (settings.egress.length === 0) return false;
  if (isKnown(container.name) && settings.egress.includes(container.name)) return true;
  const ids = identities(container, settings);
  if (!isKnown(ids) || !isKnown(container.name)) return UNKNOWN;
  return ids.length > 0 && ids.every((id) => settings.egress.includes(id));
}

/**
 * Whether it prepares something and ends: not kept running, not restarted, publishing nothing. While that is not known
 * it counts as a service, for which the rules are stricter.
 */
export function isTask(container: ContainerFacts): boolean {
  const noPorts = isKnown(container.ports) && container.ports.length === 0;
  return container.mustRun === false && ["", "no"].includes(container.restart as string) && noPorts;
}

/** Whether it is a task that nobody reaches, and that reaches nobody. */
export const isTaskWithoutNetwork = (container: ContainerFacts): boolean =>
  isTask(container) && container.networkMode === "none";
