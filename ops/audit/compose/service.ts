// One service of a compose project as the facts of a container. Keys: https://github.com/compose-spec/compose-spec/blob/main/05-services.md
import type {
  ContainerFacts,
  DeviceFact,
  HookFact,
  HostFact,
  NamedFact,
  PortFact,
  TmpfsFact,
} from "../../../policies/facts/model.ts";
import {
  flag,
  isRecord,
  isWritten,
  list,
  nested,
  number,
  objects,
  type Properties,
  record,
  text,
  texts,
} from "../../../policies/facts/properties.ts";
import { isKnown, type Maybe, type MaybeList, UNKNOWN } from "../../../policies/facts/unknown.ts";
import { mountsOf, type Surroundings } from "./mounts.ts";
import { attachments, portFact } from "./network.ts";

/** What a service's facts need from around it. */
export interface Around extends Surroundings {
  /** What its env_file holds. */
  envFile: NamedFact[];
  /** Last port of a range, by the path of the first in the project. */
  portsLast: Record<string, number>;
  /** Whether another service waits until this one has ended. */
  isWaitedFor: boolean;
  /** Whether services in different profiles may run together: the user named the profiles that are on. */
  profilesAreChosen: boolean;
}

const mebibyte = 1024 ** 2;
/** Grace period of Compose when none is written, in seconds. */
const defaultGrace = 10;
/** @param id where it stands in the project: `services.app` */
export function containerFacts(id: string, label: string, service: Properties, around: Around): ContainerFacts {
  const deploy = nested(service.deploy);
  const limits = nested(nested(deploy.resources).limits);
  const logging = nested(service.logging);
  const mayEnd = ["no", "", "on-failure"].includes(String(text(service.restart, "no")).split(":")[0] ?? "");
  const task = around.isWaitedFor && mayEnd;
  return {
    kind: "container",
    ignoredChanges: [],
    id,
    label,
    dialect: "compose",
    name: text(service.container_name),
    image: text(service.image),
    user: text(service.user),
    entrypoint: texts(service.entrypoint, "entrypoint"),
    command: texts(service.command, "command"),
    env: environment(service, around),
    labels: named(service.labels, "labels"),
    annotations: named(service.annotations, "annotations"),
    ...mountsOf(service, around),
    hooks: [...hooks(service, "post_start"), ...hooks(service, "pre_stop")],
    mustRun: !task,
    profiles: around.profilesAreChosen ? [] : strings(service.profiles),
    ports: objects<PortFact>(service.ports, "ports", (port, path) =>
      portFact(port, path, around.portsLast[`${id}.${path}`]),
    ),
    publishAllPorts: false,
    ...attachments(service, nested(around.project.networks)),
    dns: texts(service.dns, "dns"),
    hosts: list<HostFact>(service.extra_hosts, "extra_hosts", extraHost),
    sysctls: record(service.sysctls),
    privileged: flag(service.privileged),
    readOnly: flag(service.read_only),
    capAdd: texts(service.cap_add, "cap_add"),
    capDrop: texts(service.cap_drop, "cap_drop"),
    securityOpts: texts(service.security_opt, "security_opt"),
    pidMode: text(service.pid),
    ipcMode: text(service.ipc),
    utsMode: text(service.uts),
    usernsMode: text(service.userns_mode),
    cgroupnsMode: text(service.cgroup),
    cgroupParent: text(service.cgroup_parent),
    devices: devicesOf(service, deploy),
    tmpfs: list<TmpfsFact>(service.tmpfs, "tmpfs", tmpfs),
    memory: mebibytes(service.mem_limit ?? limits.memory),
    memorySwap: mebibytes(service.memswap_limit),
    cpuLimited: limited([service.cpus, limits.cpus, service.cpu_shares, service.cpu_quota, isWritten(service.cpuset)]),
    pids: noLimitBelowZero(number(service.pids_limit ?? limits.pids)),
    limitsInDeploy: Object.keys(limits).length > 0,
    ulimits: service.ulimits === UNKNOWN ? UNKNOWN : Object.keys(nested(service.ulimits)),
    restart: task ? "no" : restart(service.restart, nested(deploy.restart_policy)),
    maxRetryCount: 0,
    healthcheck: healthcheck(nested(service.healthcheck)),
    logDriver: text(logging.driver, "json-file"),
    logOpts: record(logging.options),
    stopGraceSeconds: seconds(service.stop_grace_period),
  };
}

/** Variables, labels and annotations by name; one without a value takes it from a variable that nobody sets. */
export function named(value: unknown, path: string): MaybeList<NamedFact> {
  if (value === undefined || value === null) return [];
  if (!isRecord(value)) return UNKNOWN;
  return Object.entries(value).map(([name, each]) => ({
    path: `${path}.${name}`,
    name,
    value: each === null ? UNKNOWN : text(each),
  }));
}

/** `/tmp`, or `/tmp:size=64m,exec`. */
function tmpfs(entry: unknown, path: string): Maybe<TmpfsFact> {
  if (typeof entry !== "string") return UNKNOWN;
  const [target = "", ...options] = entry.split(":");
  return { path, target, options: options.join(":") };
}

/** `host.docker.internal=host-gateway`, as the loader writes it. */
function extraHost(entry: unknown, path: string): Maybe<HostFact> {
  if (typeof entry !== "string") return UNKNOWN;
  const [name = "", ...address] = entry.split("=");
  return { path, name, address: address.join("=") };
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

/** What `environment` says wins over the files of `env_file`. */
function environment(service: Properties, around: Around): MaybeList<NamedFact> {
  const own = named(service.environment, "environment");
  return isKnown(own) ? [...own, ...around.envFile] : UNKNOWN;
}

function hooks(service: Properties, key: string): Maybe<HookFact>[] {
  const found = objects<HookFact>(service[key], key, (hook, path) => ({
    path,
    command: texts(hook.command, `${path}.command`),
    user: text(hook.user),
    privileged: flag(hook.privileged),
    env: named(hook.environment, `${path}.environment`),
  }));
  return isKnown(found) ? found : [UNKNOWN];
}

function devicesOf(service: Properties, deploy: Properties): MaybeList<DeviceFact> {
  const reserved = nested(nested(deploy.resources).reservations).devices;
  const of = (value: unknown, path: string, what: string): Maybe<DeviceFact>[] => {
    const found = list<DeviceFact>(value, path, (each, at) => ({ path: at, what: `${what}${deviceName(each)}` }));
    return isKnown(found) ? found : [UNKNOWN];
  };
  return [
    ...of(service.devices, "devices", "device"),
    ...of(service.device_cgroup_rules, "device_cgroup_rules", "cgroup rule"),
    ...of(service.gpus, "gpus", "GPUs"),
    ...of(reserved, "deploy.resources.reservations.devices", "a device reservation"),
  ];
}

function deviceName(device: unknown): string {
  const name = isRecord(device) ? device.source : device;
  return typeof name === "string" ? ` ${name}` : "";
}

function mebibytes(value: unknown): Maybe<number> {
  const size = number(value);
  return isKnown(size) ? (size < 0 ? -1 : Math.ceil(size / mebibyte)) : UNKNOWN;
}

function limited(values: unknown[]): Maybe<boolean> {
  if (values.some((value) => value !== UNKNOWN && value !== undefined && value !== "" && Number(value) !== 0))
    return true;
  return values.includes(UNKNOWN) ? UNKNOWN : false;
}

function noLimitBelowZero(limit: Maybe<number>): Maybe<number> {
  return isKnown(limit) ? Math.max(0, limit) : UNKNOWN;
}

function restart(own: unknown, policy: Properties): Maybe<string> {
  if (own !== undefined) return text(own);
  const condition = text(policy.condition, "no");
  return condition === "any" ? "always" : condition === "none" ? "no" : condition;
}

function healthcheck(check: Properties): MaybeList<string> {
  if (check.disable === true) return ["NONE"];
  return check.disable === UNKNOWN ? UNKNOWN : texts(check.test, "healthcheck.test");
}

/** Seconds of a duration as Go writes it: `1m30s`, `500ms`. */
function seconds(value: unknown): Maybe<number> {
  if (value === undefined || value === null) return defaultGrace;
  if (typeof value !== "string") return UNKNOWN;
  const units: Record<string, number> = { ns: 1e-9, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };
  const parts = [...value.matchAll(/(\d+(?:\.\d+)?)(ns|µs|ms|s|m|h)/g)];
  return parts.reduce((sum, [, n, unit]) => sum + Number(n) * (units[unit ?? ""] ?? 0), 0);
}
