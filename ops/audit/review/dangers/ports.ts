// Ports of the host that a change opens and closes.
import { isEveryInterface, isLoopback } from "../../../../lib/addresses.ts";
import type { ContainerFacts, PortFact } from "../../../../policies/facts/model.ts";
import { isKnown, knownOf } from "../../../../policies/facts/unknown.ts";
import { type Danger, inWords } from "./danger.ts";

/** Ports that were not published before, those of a new container only where others reach them; and those that close. */
export function portDangers(old: ContainerFacts | undefined, next: ContainerFacts | undefined): Danger[] {
  const [before, after] = [old, next].map((each) => knownOf(each?.ports ?? [])) as [PortFact[], PortFact[]];
  return [
    ...missingFrom(before, after).flatMap((port) => (old || isOpen(port) ? [opens(port, next?.label ?? "")] : [])),
    ...missingFrom(after, before).map((port) => closes(port, old?.label ?? "")),
  ];
}

function missingFrom(there: PortFact[], ports: PortFact[]): PortFact[] {
  const key = ({ ip, external, internal, protocol }: PortFact) =>
    [ip, external, internal, protocol].map(String).join(" ");
  const known = new Set(there.map(key));
  return ports.filter((port) => !known.has(key(port)));
}

const isOpen = ({ ip }: PortFact) => isKnown(ip) && !isLoopback(ip);

function opens(port: PortFact, about: string): Danger {
  const text = `(container port ${inWords(port.internal)})${isOpen(port) ? `: ${whoReaches(port)}` : ""}.`;
  return { rank: isOpen(port) ? 1 : 3, about, text: [`Port ${onHost(port, "opens on")} for`, ` ${text}`] };
}

function closes(port: PortFact, about: string): Danger {
  return {
    rank: 3,
    about,
    text: [`Port ${onHost(port, "closes on")}: what connects to it there no longer reaches`, "."],
  };
}

function onHost({ ip, external, protocol }: PortFact, verb: string): string {
  const kind = protocol === "tcp" || !isKnown(protocol) ? "" : `/${protocol}`;
  return `${inWords(external)}${kind} ${verb} ${inWords(ip)}`;
}

const whoReaches = ({ ip }: PortFact) =>
  isKnown(ip) && isEveryInterface(ip)
    ? "whoever reaches this machine, by any of its addresses, can connect"
    : "whoever reaches that address can connect";
