// What the services themselves notice of a change: which stop, start, or start again.
import { appType } from "../../../components/apps/definition.ts";
import { services } from "../../../components/services.ts";
import { label } from "../../../lib/labels.ts";
import { isRecord } from "../../../policies/facts/properties.ts";
import { dockerTypes, type PulumiResource } from "../../../policies/facts/pulumi.ts";
import type { Change } from "./changes.ts";
import { changedProperties } from "./properties.ts";

/** One sentence for each service that stops, starts or reads its files anew, in the order in which people are shown them. */
export function restarts(changes: Change[]): string[] {
  const containers = changes.filter(({ before, after }) => (after ?? before)?.type === dockerTypes.container);
  const sentences = containers
    .toSorted((a, b) => rankOf(nameIn(a)) - rankOf(nameIn(b)))
    .flatMap((change) => sentence(change, changes));
  const live = reloaded(changes, new Set(containers.filter(({ fate }) => fate !== "updated").map(nameIn)));
  return [...sentences, ...live.map((name) => `${name} takes its changed files in while it runs`)];
}

function sentence(change: Change, changes: Change[]): string[] {
  const name = nameIn(change);
  switch (change.fate) {
    case "added":
      return [`${name} starts for the first time, or again`];
    case "removed":
      return [`${name} stops for good`];
    case "updated":
      return [`${name} goes on while its limits change`];
    case "replaced":
      return [`${name} restarts${because(change, changes)}`];
  }
}

/** Its own properties, its files, or another service that it stops with. */
function because({ before, after }: Change, changes: Change[]): string {
  if (changedProperties(before?.props, after?.props, after?.type).length > 0) return "";
  const service = serviceOf(after);
  const own = changes.some(
    ({ before, after }) =>
      serviceOf(after) === service &&
      after?.type !== dockerTypes.container &&
      !isReady(after) &&
      propertiesIn(before, after) > 0,
  );
  if (own) return ": what it reads changes";
  const { stopsWith = {} } = services.find(({ name }) => name === after?.name) ?? {};
  const others = Object.keys(stopsWith).filter((name) =>
    changes.some(
      ({ after, fate }) => after?.type === dockerTypes.container && after.name === name && fate === "replaced",
    ),
  );
  return others.length > 0 ? `, because ${others.join(" and ")} does` : "";
}

/** Services whose files change without a restart: their marker of readiness remembers what they read while they run. */
function reloaded(changes: Change[], restarting: Set<string>): string[] {
  return services.flatMap((service) => {
    const marker = changes.find(({ after }) => service.reload && isReady(after) && serviceOf(after) === service.name);
    const files = changedProperties(marker?.before?.props, marker?.after?.props).some(({ path }) =>
      path.startsWith("file "),
    );
    return marker?.before && files && !restarting.has(service.name) ? [service.name] : [];
  });
}

const nameIn = ({ before, after }: Change) => (after ?? before)?.name ?? "";
const isReady = (resource: PulumiResource | undefined) => resource?.name.endsWith("-ready") === true;
const propertiesIn = (before?: PulumiResource, after?: PulumiResource) =>
  before && after ? changedProperties(before.props, after.props, after.type).length : 0;

/** The service or app whose component a resource belongs to; undefined if it belongs to none. */
export function serviceOf(resource: PulumiResource | undefined): string | undefined {
  const types = (resource?.urn.split("::")[2] ?? "").split("$");
  const service = services.find(({ type }) => types.includes(type))?.name;
  return service ?? (resource && types.includes(appType) ? appOf(resource) : undefined);
}

/** An app by what its resources are called: all apps have one type. */
function appOf({ name, props }: PulumiResource): string {
  const labels = (isRecord(props) && Array.isArray(props.labels) ? props.labels : []) as Record<string, unknown>[];
  const labelled = labels.find((each) => each.label === label.service)?.value;
  const called = typeof labelled === "string" ? labelled : name.replace(/-(prepare|setup|ready)$/, "");
  return called.replaceAll("_", "-");
}

/** Where a service stands in what people read: apps behind what comes with the stack. */
export function rankOf(name: string): number {
  const at = services.findIndex((service) => service.name === name);
  return at < 0 ? services.length : at;
}
