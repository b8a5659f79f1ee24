// Facts from the inputs of @pulumi/docker resources, as a policy pack, a transform, an event log or a state has them.
// Property names and defaults: @pulumi/docker 5.2.0 and the schema of its upstream provider.
import { markerFacts, markerType } from "./marker.ts";
import type { Facts } from "./model.ts";
import { anySet, flag, isRecord, type Properties, record, text, unknownThroughout } from "./properties.ts";
import { containerFacts, labels } from "./pulumi-container.ts";
import { plainValue } from "./wire-values.ts";

/** A resource as any of Pulumi's interfaces gives it. `props` are inputs; unknowns may be in any of their forms. */
export interface PulumiResource {
  type: string;
  urn: string;
  /** The resource's name in the program. */
  name: string;
  props: unknown;
  /** `protect || retainOnDelete`; undefined where the interface does not tell. */
  retained?: boolean;
  /** Resource option of that name. */
  ignoreChanges?: string[];
}

/** The types that the rules read. Everything else has no facts. */
export const dockerTypes = {
  container: "docker:index/container:Container",
  network: "docker:index/network:Network",
  volume: "docker:index/volume:Volume",
  image: "docker:index/remoteImage:RemoteImage",
  built: "docker:index/image:Image",
  provider: "pulumi:providers:docker",
} as const;

/** The types that have facts. */
export const isRead = (type: string) =>
  type === markerType || type.startsWith("docker:") || type === dockerTypes.provider;

/** The types that a kind of facts comes from, of the kinds that most rules are about. */
export const typesOf: Partial<Record<Facts["kind"], readonly string[]>> = {
  container: [dockerTypes.container, markerType],
  network: [dockerTypes.network, markerType],
  volume: [dockerTypes.volume],
};

/** Resources that also run containers, but none that these rules can read. */
const foreignTypes = new Set(["docker:index/service:Service", "docker:index/plugin:Plugin"]);

/** Facts of one resource; none for a type that no rule is about. Never throws. */
export function factsOf(resource: PulumiResource): Facts[] {
  const input = plainValue(resource.props);
  const props: Properties = isRecord(input) ? input : unknownThroughout;
  if (resource.type === markerType) return markerFacts(props, { id: resource.urn, dialect: "pulumi" });
  const facts = dockerFacts(resource, props);
  return facts ? [facts] : [];
}

function dockerFacts(resource: PulumiResource, props: Properties): Facts | undefined {
  const common = { id: resource.urn, label: labelOf(props, resource.name), dialect: "pulumi" as const };
  switch (resource.type) {
    case dockerTypes.container:
      return { ...common, kind: "container", ...containerFacts(props), ignoredChanges: resource.ignoreChanges ?? [] };
    case dockerTypes.network:
      return {
        ...common,
        kind: "network",
        name: text(props.name),
        driver: text(props.driver, "bridge"),
        internal: flag(props.internal),
        ipv6: flag(props.ipv6),
        options: record(props.options),
        external: false,
      };
    case dockerTypes.volume:
      return {
        ...common,
        kind: "volume",
        name: text(props.name),
        driver: text(props.driver, "local"),
        driverOpts: record(props.driverOpts),
        labels: labels(props.labels),
        retained: resource.retained,
      };
    case dockerTypes.image:
      return { ...common, kind: "image", reference: text(props.name) };
    case dockerTypes.built:
      return { ...common, kind: "image", reference: text(props.imageName) };
    case dockerTypes.provider:
      return {
        ...common,
        label: resource.name,
        kind: "provider",
        host: text(props.host),
        tls: anySet([props.certPath, props.certMaterial]),
      };
    default:
      return foreignTypes.has(resource.type) ? { ...common, kind: "foreign", type: resource.type } : undefined;
  }
}

function labelOf(props: Properties, otherwise: string): string {
  return typeof props.name === "string" && props.name !== "" ? props.name : otherwise;
}
