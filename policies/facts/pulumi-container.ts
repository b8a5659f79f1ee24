// Facts of a container from the inputs of a docker.Container, with the provider's defaults for what is not written.
import type {
  AttachmentFact,
  ContainerFacts,
  DeviceFact,
  HostFact,
  MountFact,
  NamedFact,
  PortFact,
  TmpfsFact,
  UploadFact,
} from "./model.ts";
import {
  anySet,
  flag,
  isWritten,
  joined,
  list,
  nested,
  number,
  objects,
  type Properties,
  record,
  text,
  texts,
} from "./properties.ts";
import { type Maybe, type MaybeList, map, UNKNOWN } from "./unknown.ts";

/** All facts that come from the inputs themselves. */
export function containerFacts(
  props: Properties,
): Omit<ContainerFacts, "kind" | "id" | "label" | "dialect" | "ignoredChanges"> {
  const capabilities = nested(props.capabilities);
  const healthcheck = nested(props.healthcheck);
  return {
    name: text(props.name),
    image: text(props.image),
    user: text(props.user),
    entrypoint: texts(props.entrypoints, "entrypoints"),
    command: texts(props.command, "command"),
    env: list<NamedFact>(props.envs, "envs", (entry, path) => assignment(entry, path)),
    labels: labels(props.labels),
    annotations: [],
    uploads: objects<UploadFact>(props.uploads, "uploads", (upload, path) => ({
      path,
      file: text(upload.file),
      content: contentOf(upload),
    })),
    hooks: [],
    mustRun: flag(props.mustRun, true),
    profiles: [],
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
    hosts: objects<HostFact>(props.hosts, "hosts", (host, path) => ({
      path,
      name: typeof host.host === "string" ? host.host : "",
      address: text(host.ip),
    })),
    sysctls: record(props.sysctls),
    privileged: flag(props.privileged),
    readOnly: flag(props.readOnly),
    capAdd: texts(capabilities.adds, "capabilities.adds"),
    capDrop: texts(capabilities.drops, "capabilities.drops"),
    securityOpts: texts(props.securityOpts, "securityOpts"),
    pidMode: text(props.pidMode),
    ipcMode: text(props.ipcMode),
    utsMode: "",
    usernsMode: text(props.usernsMode),
    cgroupnsMode: text(props.cgroupnsMode),
    cgroupParent: text(props.cgroupParent),
    devices: devices(props),
    mounts: mounts(props),
    tmpfs: tmpfs(props.tmpfs),
    memory: number(props.memory),
    memorySwap: number(props.memorySwap),
    cpuLimited: anySet([props.cpus, props.cpuShares, props.cpuQuota, isWritten(props.cpuSet)]),
    // No property of the provider: see PidsLimitFacts.
    pids: 0,
    limitsInDeploy: false,
    ulimits: objects<string>(props.ulimits, "ulimits", (limit) => text(limit.name)),
    restart: text(props.restart, "no"),
    maxRetryCount: number(props.maxRetryCount),
    healthcheck: texts(healthcheck.tests, "healthcheck.tests"),
    logDriver: text(props.logDriver, "json-file"),
    logOpts: record(props.logOpts),
    stopGraceSeconds: number(props.destroyGraceSeconds),
  };
}

/** The provider takes "" for "every interface" too. A rule should have to know one spelling only. */
function anyAddress(ip: Maybe<string>): Maybe<string> {
  return ip === "" ? "0.0.0.0" : ip;
}

function assignment(entry: unknown, path: string): Maybe<NamedFact> {
  if (typeof entry !== "string") return UNKNOWN;
  const at = entry.indexOf("=");
  return at < 0 ? { path, name: entry, value: "" } : { path, name: entry.slice(0, at), value: entry.slice(at + 1) };
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
      propagation: text(nested(mount.bindOptions).propagation),
      relabel: "",
    };
  });
  return joined([fromVolumes, fromMounts]);
}

function tmpfs(value: unknown): MaybeList<TmpfsFact> {
  return map(record(value), (byPath) =>
    Object.entries(byPath).map(([target, options]) => ({ path: `tmpfs["${target}"]`, target, options })),
  );
}

/** Labels, as containers and volumes have them. */
export function labels(value: unknown): MaybeList<NamedFact> {
  return objects<NamedFact>(value, "labels", (label, path) =>
    typeof label.label === "string" ? { path, name: label.label, value: text(label.value) } : UNKNOWN,
  );
}
