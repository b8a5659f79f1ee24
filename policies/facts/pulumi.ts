// Facts from the inputs of @pulumi/docker resources, as a policy pack, a transform, an event log or a state has them.
// Property names and defaults: @pulumi/docker 5.2.0 and the schema of its upstream provider.
import type {
  AttachmentFact,
  ContainerFacts,
  DeviceFact,
  Facts,
  MountFact,
  NamedFact,
  PortFact,
  UploadFact,
} from "./model.ts";
import { flag, isRecord, list, number, objects, type Properties, record, text, texts } from "./properties.ts";
import { isKnown, type Maybe, type MaybeList, UNKNOWN } from "./unknown.ts";
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

/** The type that a kind of facts comes from, where it is one type only. */
export const onlyTypeOf: Partial<Record<Facts["kind"], string>> = {
  container: dockerTypes.container,
  network: dockerTypes.network,
  volume: dockerTypes.volume,
};

/** Resources that also run containers, but none that these rules can read. */
const foreignTypes = new Set(["docker:index/service:Service", "docker:index/plugin:Plugin"]);

/** Facts of one resource; undefined for a type that no rule is about. Never throws. */
export function factsOf(resource: PulumiResource): Facts | undefined {
  const input = plainValue(resource.props);
  const props: Properties = isRecord(input) ? input : unknownThroughout;
  const common = { id: resource.urn, label: labelOf(props, resource.name), dialect: "pulumi" as const };
  switch (resource.type) {
    case dockerTypes.container:
      return { ...common, kind: "container", ...container(props), ignoredChanges: resource.ignoreChanges ?? [] };
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

/** Inputs that are unknown as a whole: every property of them is. */
const unknownThroughout: Properties = new Proxy({}, { get: () => UNKNOWN });

function labelOf(props: Properties, otherwise: string): string {
  return typeof props.name === "string" && props.name !== "" ? props.name : otherwise;
}

function container(props: Properties): Omit<ContainerFacts, "kind" | "id" | "label" | "dialect" | "ignoredChanges"> {
  const capabilities = group(props.capabilities);
  const healthcheck = group(props.healthcheck);
  return {
    name: text(props.name),
    image: text(props.image),
    user: text(props.user),
    entrypoint: texts(props.entrypoints, "entrypoints"),
    command: texts(props.command, "command"),
    env: list<NamedFact>(props.envs, "envs", (entry, path) => assignment(entry, path)),
    labels: labels(props.labels),
    uploads: objects<UploadFact>(props.uploads, "uploads", (upload, path) => ({
      path,
      file: text(upload.file),
      content: contentOf(upload),
    })),
    mustRun: flag(props.mustRun, true),
    ports: objects<PortFact>(props.ports, "ports", (port, path) => ({
      path,
      internal: number(port.internal),
      external: number(port.external),
      ip: anyAddress(text(port.ip)),
      protocol: text(port.protocol, "tcp"),
    })),
    publishAllPorts: flag(props.publishAllPorts),
    networkMode: text(props.networkMode, "bridge"),
    networks: objects<AttachmentFact>(props.networksAdvanced, "networksAdvanced", (network, path) => ({
      path,
      network: text(network.name),
    })),
    dns: texts(props.dns, "dns"),
    sysctls: record(props.sysctls),
    privileged: flag(props.privileged),
    readOnly: flag(props.readOnly),
    capAdd: texts(capabilities.adds, "capabilities.adds"),
    capDrop: texts(capabilities.drops, "capabilities.drops"),
    securityOpts: texts(props.securityOpts, "securityOpts"),
    pidMode: text(props.pidMode),
    ipcMode: text(props.ipcMode),
    usernsMode: text(props.usernsMode),
    cgroupnsMode: text(props.cgroupnsMode),
    cgroupParent: text(props.cgroupParent),
    devices: devices(props),
    mounts: mounts(props),
    memory: number(props.memory),
    memorySwap: number(props.memorySwap),
    cpuLimited: anySet([props.cpus, props.cpuShares, props.cpuQuota, props.cpuSet]),
    ulimits: objects<string>(props.ulimits, "ulimits", (limit) => text(limit.name)),
    restart: text(props.restart, "no"),
    maxRetryCount: number(props.maxRetryCount),
    healthcheck: texts(healthcheck.tests, "healthcheck.tests"),
    logDriver: text(props.logDriver, "json-file"),
    logOpts: record(props.logOpts),
    stopGraceSeconds: number(props.destroyGraceSeconds),
  };
}

/** The provider takes "" for "every interface" too: normalised here, so that a rule knows one spelling. */
function anyAddress(ip: Maybe<string>): Maybe<string> {
  return ip === "" ? "0.0.0.0" : ip;
}

function group(value: unknown): Properties {
  return value === UNKNOWN ? unknownThroughout : isRecord(value) ? value : {};
}

function assignment(entry: unknown, path: string): Maybe<NamedFact> {
  if (typeof entry !== "string") return UNKNOWN;
  const at = entry.indexOf("=");
  return at < 0 ? { path, name: entry, value: "" } : { path, name: entry.slice(0, at), value: entry.slice(at + 1) };
}

function labels(value: unknown): MaybeList<NamedFact> {
  return objects<NamedFact>(value, "labels", (label, path) =>
    typeof label.label === "string" ? { path, name: label.label, value: text(label.value) } : UNKNOWN,
  );
}

function contentOf(upload: Properties): Maybe<string> {
  if (typeof upload.contentBase64 === "string") return Buffer.from(upload.contentBase64, "base64").toString();
  return upload.source || upload.contentBase64 ? UNKNOWN : text(upload.content);
}

function devices(props: Properties): MaybeList<DeviceFact> {
  const named = (what: string, value: unknown) => (typeof value === "string" ? `${what} ${value}` : what);
  const gpus = list<DeviceFact>(props.gpus ? [props.gpus] : [], "gpus", (value) => ({
    path: "gpus",
    what: named("GPUs", value),
  }));
  return joined([
    objects<DeviceFact>(props.devices, "devices", (device, path) => ({ path, what: named("device", device.hostPath) })),
    objects<DeviceFact>(props.deviceRequests, "deviceRequests", (_, path) => ({ path, what: "a device request" })),
    list<DeviceFact>(props.deviceCgroupRules, "deviceCgroupRules", (rule, path) => ({
      path,
      what: named("cgroup rule", rule),
    })),
    gpus,
  ]);
}

function mounts(props: Properties): MaybeList<MountFact> {
  const fromVolumes = objects<MountFact>(props.volumes, "volumes", (volume, path) => {
    const type = volume.hostPath ? "bind" : volume.fromContainer ? "from" : "volume";
    const source = text({ bind: volume.hostPath, from: volume.fromContainer, volume: volume.volumeName }[type]);
    const readOnly = flag(volume.readOnly);
    return {
      path,
      type,
      source,
      target: text(volume.containerPath),
      readOnly,
      propagation: "",
      relabel: text(volume.selinuxRelabel),
    };
  });
  const fromMounts = objects<MountFact>(props.mounts, "mounts", (mount, path) => {
    if (mount.type !== "bind" && mount.type !== "volume" && mount.type !== "tmpfs") return UNKNOWN;
    return {
      path,
      type: mount.type,
      source: text(mount.source),
      target: text(mount.target),
      readOnly: flag(mount.readOnly),
      propagation: text(group(mount.bindOptions).propagation),
      relabel: "",
    };
  });
  return joined([fromVolumes, fromMounts]);
}

function joined<T>(lists: MaybeList<T>[]): MaybeList<T> {
  return lists.every(isKnown) ? (lists as Maybe<T>[][]).flat() : UNKNOWN;
}

function anySet(values: unknown[]): Maybe<boolean> {
  if (values.some((value) => value !== UNKNOWN && Boolean(value) && value !== "0")) return true;
  return values.includes(UNKNOWN) ? UNKNOWN : false;
}
