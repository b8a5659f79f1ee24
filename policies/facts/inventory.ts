// All resources of one stack, found by the names with which they refer to each other: what rules about several resources
// look things up in.
import type {
  ContainerFacts,
  Facts,
  ImageFacts,
  MountFact,
  NetworkFacts,
  PidsLimitFacts,
  PortFact,
  VolumeFacts,
} from "./model.ts";
import { overlap, type PortRange, rangeOf } from "./port-range.ts";
import { isKnown, knownOf } from "./unknown.ts";

/** A port of the host, or a range of them, and who publishes on it. */
interface Publishing {
  owner: ContainerFacts;
  published: PortFact;
  range: PortRange;
}

/** Grows as resources are added; looking something up costs the same however many there are. */
export class Inventory {
  /** In the order in which they were added. */
  readonly all: Facts[] = [];
  /** Containers by name. More than one under a name is a mistake that a rule reports. */
  readonly named = new Map<string, ContainerFacts[]>();
  /** Published ports by host port, and ranges of them beside these. */
  readonly #ports = new Map<number, Publishing[]>();
  readonly #ranges: Publishing[] = [];
  /** Mounts of volumes and host directories, by volume name or path. */
  readonly mounting = new Map<string, { owner: ContainerFacts; mount: MountFact }[]>();
  /** Containers by the names of the networks that they join. */
  readonly joining = new Map<string, ContainerFacts[]>();
  /** Networks, volumes and images by the names that containers use. */
  readonly networks = new Map<string, NetworkFacts>();
  readonly volumes = new Map<string, VolumeFacts>();
  readonly images = new Map<string, ImageFacts>();
  /** Limits of processes by the name of the container that they are set on. */
  readonly pidsLimits = new Map<string, PidsLimitFacts>();

  constructor(facts: Iterable<Facts> = []) {
    for (const each of facts) this.add(each);
  }

  add(facts: Facts): void {
    this.all.push(facts);
    switch (facts.kind) {
      case "container":
        this.#addContainer(facts);
        break;
      case "network":
        if (typeof facts.name === "string") this.networks.set(facts.name, facts);
        break;
      case "volume":
        if (typeof facts.name === "string") this.volumes.set(facts.name, facts);
        break;
      case "pids-limit":
        if (typeof facts.container === "string") this.pidsLimits.set(facts.container, facts);
        break;
      case "image":
        if (typeof facts.reference === "string") this.images.set(facts.reference, facts);
        break;
    }
  }

  /** Who publishes a host port of the range; in the order in which they were added, single ports first. */
  publishing(range: PortRange): Publishing[] {
    const single =
      range.first === range.last
        ? (this.#ports.get(range.first) ?? [])
        : [...this.#ports.values()].flat().filter((each) => overlap(each.range, range));
    return [...single, ...this.#ranges.filter((each) => overlap(each.range, range))];
  }

  #addContainer(container: ContainerFacts): void {
    if (isKnown(container.name) && container.name !== "") push(this.named, container.name, container);
    for (const published of knownOf(container.ports)) {
      const range = rangeOf(published, "external");
      if (!isKnown(range) || range.first === 0) continue;
      const publishing = { owner: container, published, range };
      if (range.first === range.last) push(this.#ports, range.first, publishing);
      else this.#ranges.push(publishing);
    }
    for (const { network } of knownOf(container.networks)) if (isKnown(network)) push(this.joining, network, container);
    for (const mount of knownOf(container.mounts)) {
      if ((mount.type === "volume" || mount.type === "bind") && isKnown(mount.source) && mount.source !== "") {
        push(this.mounting, mount.source, { owner: container, mount });
      }
    }
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
