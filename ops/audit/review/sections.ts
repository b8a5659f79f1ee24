// Every changed resource, once, below the service that it belongs to: property by property, old and new.
import { services } from "../../../components/services.ts";
import { dockerTypes, type PulumiResource } from "../../../policies/facts/pulumi.ts";
import { escapeMarkdown } from "../markdown.ts";
import type { Change } from "./changes.ts";
import { changedProperties, notKnown, type Property } from "./properties.ts";
import { rankOf, serviceOf } from "./restarts.ts";
import { code, diffBlock, isSecretValue, valueCode, withoutSecrets } from "./shown.ts";

/** One resource, ready to be read: lines of Markdown that belong together. */
export type Block = string[];

/** The changes as Markdown: a block for each heading and each resource. */
export function changeBlocks(changes: Change[]): Block[] {
  const last = ["images", "networks", "everything else"];
  const rank = (group: string) => (last.includes(group) ? services.length + 1 + last.indexOf(group) : rankOf(group));
  const groups = Map.groupBy(changes, groupOf);
  return [...groups]
    .toSorted(([a], [b]) => rank(a) - rank(b))
    .flatMap(([group, found]) => [["", `#### ${group}`, ""], ...groupBlocks(found)]);
}

/** Each resource by itself, and in one line those that are only made again with another. */
function groupBlocks(changes: Change[]): Block[] {
  const { own = [], following = [] } = Object.groupBy(changes, (change) => (follows(change) ? "following" : "own"));
  const names = following.map(({ after }) => (after ? `${kindOf(after)} ${code(after.name)}` : ""));
  const line = `- made again because of what they follow: ${names.join(", ")}`;
  return [...own.map(resourceBlock), ...(names.length > 0 ? [[line]] : [])];
}

function follows({ before, after }: Change): boolean {
  if (!before || !after || before.retained !== after.retained) return false;
  return changedProperties(before.props, after.props, after.type).length === 0;
}

function groupOf({ before, after }: Change): string {
  const resource = after ?? before;
  const otherwise: Record<string, string> = { [dockerTypes.image]: "images", [dockerTypes.network]: "networks" };
  return serviceOf(resource) ?? otherwise[resource?.type ?? ""] ?? "everything else";
}

function resourceBlock({ before, after, fate }: Change): Block {
  const resource = (after ?? before) as PulumiResource;
  const title = `- **${fate}**: ${kindOf(resource)} ${code(resource.name)}`;
  if (!after) return [title];
  const properties = changedProperties(before?.props, after.props, after.type);
  const kept = before && before.retained !== after.retained ? [retention(after)] : [];
  return [title, ...kept, ...properties.flatMap((property) => propertyLines(property, before !== undefined))];
}

const retention = ({ retained }: PulumiResource) => `  - ${retained ? "now kept by" : "no longer kept by"} a destroy`;

const kinds: Record<string, string> = {
  [dockerTypes.container]: "container",
  [dockerTypes.network]: "network",
  [dockerTypes.volume]: "volume",
  [dockerTypes.image]: "image",
  "random:index/randomPassword:RandomPassword": "password",
  "random:index/randomUuid:RandomUuid": "task",
};
const kindOf = ({ type }: PulumiResource) => kinds[type] ?? code(type);

function propertyLines({ path, old, new: next, secret }: Property, existed: boolean): string[] {
  const name = `  - ${code(path)}`;
  if (secret) return existed ? [`${name}: changed (it holds secrets)`] : [`${name} (it holds secrets)`];
  if (!existed) return next === undefined ? [] : [`${name}: ${summary(path, next)}`];
  const several = [old, next].some((text) => text?.trim().includes("\n"));
  if (!several || old === notKnown || next === notKnown) {
    const [from, to] = [old, next].map((text) => (text === undefined ? "not set" : valueCode(path, text)));
    return [from === to ? `${name}: changed, and is not shown` : `${name}: ${from} → ${to}`];
  }
  const [from, to] = [old ?? "", next ?? ""];
  if (isSecretValue(path, from) || isSecretValue(path, to) || withoutSecrets(from) === withoutSecrets(to))
    return [`${name}: changed, and is not shown`];
  return [`${name}:`, "", ...diffBlock(from, to, path.startsWith("file ")).map((line) => `    ${line}`), ""];
}

/** A value of something new: what takes more than a line is in the checkout. */
function summary(path: string, value: string): string {
  const lines = value.trim().split("\n").length;
  return lines > 6 ? escapeMarkdown(`${lines} lines`) : valueCode(path, value);
}
