// What a container may do or see after a change that it could not before, and for whom it does it.
import { label } from "../../../../lib/labels.ts";
import { isTask, lookup } from "../../../../policies/facts/identity.ts";
import type { ContainerFacts, MountFact } from "../../../../policies/facts/model.ts";
import { isKnown, knownOf, type Maybe } from "../../../../policies/facts/unknown.ts";
import { hostGateway } from "../../../../policies/rules/exposure/host-services.ts";
import { added, type Danger, inWords } from "./danger.ts";
import { imageDangers } from "./images.ts";
import { portDangers } from "./ports.ts";

/** Everything about one container. */
export function containerDangers(old: ContainerFacts | undefined, next: ContainerFacts | undefined): Danger[] {
  const ports = portDangers(old, next);
  if (!next) return [...ports, ...(old && !isTask(old) ? [removed(old)] : [])];
  if (!old) return [...ports, ...(isTask(next) ? [] : gained(blank(next), next))];
  return [...ports, ...imageDangers(old, next), ...changed(old, next), ...gained(old, next), ...lost(old, next)];
}

const removed = ({ label }: ContainerFacts): Danger => ({
  rank: 4,
  about: label,
  text: ["Container", " is removed."],
});

/** A new container beside one that may do nothing: volumes and networks of the stack are what every service has. */
function blank(next: ContainerFacts): ContainerFacts {
  const mounts = knownOf(next.mounts).filter(({ type }) => type !== "bind");
  return { ...next, privileged: false, capAdd: [], mounts, devices: [], hosts: [] };
}

function changed(old: ContainerFacts, next: ContainerFacts): Danger[] {
  const properties: [what: string, before: Maybe<string>, after: Maybe<string>][] = [
    ["User of", old.user, next.user],
    ["Network mode of", old.networkMode, next.networkMode],
  ];
  const found = properties
    .filter(([, before, after]) => before !== after)
    .map(
      ([what, before, after]): Danger => ({
        rank: 2,
        about: next.label,
        text: [what, ` changes from ${inWords(before)} to ${inWords(after)}.`],
      }),
    );
  return [...found, ...givenAway(old, next)];
}

/** A task that prepares gives all that it mounts to whom its label names. */
function givenAway(old: ContainerFacts, next: ContainerFacts): Danger[] {
  const owner = ({ labels }: ContainerFacts) => lookup(labels, label.owner) ?? "nobody";
  if (owner(old) === owner(next)) return [];
  const service = lookup(next.labels, label.service) ?? next.label;
  const text = ` are given to ${inWords(owner(next))} instead of ${inWords(owner(old))}.`;
  return [{ rank: 2, about: inWords(service), text: ["Data and files of", text] }];
}

function gained(old: ContainerFacts, next: ContainerFacts): Danger[] {
  const found: [rank: number, what: string][] = [];
  if (next.privileged === true && old.privileged !== true) found.push([0, "becomes privileged"]);
  for (const capability of added(old.capAdd, next.capAdd)) found.push([1, `gets the capability ${capability}`]);
  for (const option of added(next.securityOpts, old.securityOpts)) found.push([1, `loses the protection ${option}`]);
  for (const device of added(devicesOf(old), devicesOf(next))) found.push([1, `gets ${device}`]);
  for (const host of added(hostsOf(old), hostsOf(next)))
    found.push([2, `reaches what listens on the host, as ${host}`]);
  if (old.readOnly === true && next.readOnly === false) found.push([2, "may write to its root file system"]);
  for (const mount of added(mountsOf(old), mountsOf(next))) found.push([3, `mounts ${mount}`]);
  for (const network of added(networksOf(old), networksOf(next))) found.push([3, `joins the network ${network}`]);
  return found.map(([rank, what]) => ({ rank, about: next.label, text: ["Container", ` ${what}.`] }));
}

/** What it no longer sees: where it wrote before, it may now find nothing. */
function lost(old: ContainerFacts, next: ContainerFacts): Danger[] {
  const targets = new Set(knownOf(next.mounts).map(({ target }) => target));
  return knownOf(old.mounts)
    .filter(({ target }) => isKnown(target) && !targets.has(target))
    .map((mount) => ({
      rank: 3,
      about: next.label,
      text: ["Container", ` no longer mounts ${mountInWords(mount)}.`],
    }));
}

const mountInWords = ({ source, target, readOnly }: MountFact) =>
  `${inWords(source, "an anonymous volume")} at ${inWords(target)} (${readOnly === true ? "read-only" : "writable"})`;

const mountsOf = ({ mounts }: ContainerFacts) => knownOf(mounts).map(mountInWords);

const devicesOf = ({ devices }: ContainerFacts) => knownOf(devices).map(({ what }) => what);

const hostsOf = ({ hosts }: ContainerFacts) =>
  knownOf(hosts).flatMap(({ name, address }) => (address === hostGateway ? [inWords(name)] : []));

const networksOf = ({ networks }: ContainerFacts) => knownOf(networks).map(({ network }) => inWords(network));
