// The markers of this stack's program (components/engine/tasks/marker.ts): resources that stand for what it does on the engine
// itself, with a plain description of it among their keepers. A container that is made this way is one like any other.
import type { Facts } from "./model.ts";
import { flag, isRecord, number, type Properties, record, text, unknownThroughout } from "./properties.ts";
import { containerFacts } from "./pulumi-container.ts";

/** What a marker is to Pulumi. */
export const markerType = "random:index/randomUuid:RandomUuid";

/** The facts behind a marker; none for a RandomUuid that is nothing but that. Never throws. */
export function markerFacts(props: Properties, common: Omit<Facts, "kind" | "label">): Facts[] {
  const keepers = isRecord(props.keepers) ? props.keepers : {};
  const { container, containerName, network, pids } = keepers;
  const files = Object.entries(keepers).filter(([name]) => name.startsWith("file "));
  const uploads = files.map(([name, content]) => ({ file: name.slice("file ".length), content }));
  const containers = described(container).map((each): Facts => {
    const own = { ...common, label: typeof each.name === "string" ? each.name : "a task" };
    const props = each === unknownThroughout ? each : { ...each, uploads };
    return { ...own, kind: "container", ...containerFacts(props), ignoredChanges: [] };
  });
  if (network !== undefined) containers.push(...described(network).map((each) => networkFacts(each, common)));
  if (typeof containerName !== "string" || pids === undefined) return containers;
  const limit: Facts = {
    ...common,
    label: containerName,
    kind: "pids-limit",
    container: text(containerName),
    pids: number(pids),
  };
  return [...containers, limit];
}

/** A network as Podman takes it. */
function networkFacts(props: Properties, common: Omit<Facts, "kind" | "label">): Facts {
  return {
    ...common,
    label: typeof props.name === "string" ? props.name : "a network",
    kind: "network",
    name: text(props.name),
    driver: text(props.driver, "bridge"),
    internal: flag(props.internal),
    ipv6: flag(props.ipv6_enabled),
    options: record(props.options),
    external: false,
  };
}

/** What a keeper describes: one thing, or a list. What cannot be read is one of which nothing is known. */
function described(container: unknown): Properties[] {
  if (container === undefined) return [];
  try {
    const all = [JSON.parse(container as string)].flat();
    return all.map((each) => (isRecord(each) ? each : unknownThroughout));
  } catch {
    // Somebody else's keeper of the same name.
    return [];
  }
}
