// One service of a compose file as the facts of a container. Keys: https://github.com/compose-spec/compose-spec/blob/main/05-services.md
import type { ContainerFacts, DeviceFact, MountFact, NamedFact, UploadFact } from "../../../policies/facts/model.ts";
import {
  flag,
  isRecord,
  list,
  number,
  type Properties,
  record,
  text,
  texts,
} from "../../../policies/facts/properties.ts";
import { isKnown, type Maybe, type MaybeList, UNKNOWN } from "../../../policies/facts/unknown.ts";
import { listOf, mount, named, ports } from "./forms.ts";
import { bytes, seconds, words } from "./text.ts";

/** What a service's facts need from around it. */
export interface Around {
  /** Variables for names without a value. */
  variables: Record<string, string>;
  /** What the service's env_file holds. */
  envFile: NamedFact[];
  /** A host path of `./data`. */
  resolve(path: string): string;
  /** `uid:gid` of a host path, if it is there. */
  ownerOf(path: string): string | undefined;
  /** Text of a small file that the service gets, if it can be read. */
  contentOf(path: string): string | undefined;
  /** Name on the engine of a network of the file. */
  networkName(key: string): string;
  /** Another service waits until this one has ended. */
  isWaitedFor: boolean;
}

const mebibyte = 1024 ** 2;
/** Grace period of Compose when none is written, in seconds. */
const defaultGrace = 10;

export function containerFacts(key: string, service: Properties, around: Around): ContainerFacts {
  const deploy = group(service.deploy);
  const limits = group(group(deploy.resources).limits);
  const logging = group(service.logging);
  const mounts = mountsOf(service, around);
  const task =
    around.isWaitedFor && ["no", "", "on-failure"].includes(String(service.restart ?? "no").split(":")[0] ?? "");
  return {
    kind: "container",
    ignoredChanges: [],
    id: `services.${key}`,
    label: key,
    dialect: "compose",
    name: text(service.container_name),
    image: service.image === undefined ? "" : text(service.image),
    user: text(service.user),
    entrypoint: command(service.entrypoint),
    command: command(service.command),
    env: environment(service, around),
    labels: named(service.labels, "labels", {}),
    annotations: named(service.annotations, "annotations", {}),
    uploads: uploads(mounts, around),
    hooks: [],
    mustRun: !task,
    profiles: [],
    ports: listOf(service.ports).flatMap((entry, i) => ports(entry, `ports[${i}]`)),
    publishAllPorts: false,
    networkMode: networkMode(service.network_mode),
    networks: networksOf(service, around),
    dns: texts(listOf(service.dns), "dns"),
    sysctls: Object.fromEntries(named(service.sysctls, "sysctls", {}).map(({ name, value }) => [name, value])),
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
    mounts,
    memory: mebibytes(service.mem_limit ?? limits.memory),
    memorySwap: mebibytes(service.memswap_limit),
    cpuLimited: [service.cpus, limits.cpus, service.cpu_shares, service.cpu_quota, service.cpuset].some(
      (each) => each !== undefined && Number(each) !== 0,
    ),
    pids: number(service.pids_limit ?? limits.pids),
    limitsInDeploy: Object.keys(limits).length > 0,
    ulimits: texts(Object.keys(group(service.ulimits)), "ulimits"),
    restart: task ? "no" : restart(service.restart, group(deploy.restart_policy)),
    maxRetryCount: 0,
    healthcheck: healthcheck(group(service.healthcheck)),
    logDriver: text(logging.driver, "json-file"),
    logOpts: record(logging.options),
    stopGraceSeconds:
      service.stop_grace_period === undefined ? defaultGrace : (seconds(service.stop_grace_period) ?? UNKNOWN),
  };
}

function group(value: unknown): Properties {
  return isRecord(value) ? value : {};
}

function command(value: unknown): MaybeList<string> {
  return typeof value === "string" ? words(value) : texts(value, "command");
}

/** What `environment` says wins over the files of `env_file`. */
function environment(service: Properties, around: Around): MaybeList<NamedFact> {
  const own = named(service.environment, "environment", around.variables);
  const names = new Set(own.map(({ name }) => name));
  return [...own, ...around.envFile.filter(({ name }) => !names.has(name))];
}

function networkMode(value: unknown): Maybe<string> {
  const mode = text(value);
  return isKnown(mode) ? mode.replace(/^service:/, "container:") : mode;
}

/** Without `networks` and `network_mode` a service joins the file's own default network. */
function networksOf(service: Properties, around: Around): ContainerFacts["networks"] {
  if (service.network_mode !== undefined) return [];
  const keys = service.networks === undefined ? ["default"] : listOf(service.networks);
  return keys.map((key, i) => ({
    path: `networks[${i}]`,
    network: typeof key === "string" ? around.networkName(key) : UNKNOWN,
  }));
}

function mountsOf(service: Properties, around: Around): MaybeList<MountFact> {
  return list<MountFact>(service.volumes, "volumes", (entry, path) => {
    const found = mount(entry, path, around.resolve);
    if (!found || !isKnown(found) || found.type !== "bind" || !isKnown(found.source)) return found;
    const ownerOnHost = around.ownerOf(found.source);
    return ownerOnHost === undefined ? found : { ...found, ownerOnHost };
  });
}

/** Configuration files that the service gets, mounted one by one. */
function uploads(mounts: MaybeList<MountFact>, around: Around): UploadFact[] {
  const mounted = isKnown(mounts) ? mounts : [];
  return mounted.flatMap((each) => {
    if (!isKnown(each) || each.type !== "bind" || !isKnown(each.source)) return [];
    const content = around.contentOf(each.source);
    return content === undefined ? [] : [{ path: each.path, file: each.target, content }];
  });
}

function devicesOf(service: Properties, deploy: Properties): MaybeList<DeviceFact> {
  const reserved = group(group(deploy.resources).reservations).devices;
  const of = (value: unknown, path: string, what: string) =>
    listOf(value).map((each, i) => ({
      path: `${path}[${i}]`,
      what: typeof each === "string" ? `${what} ${each.split(":")[0]}` : what,
    }));
  return [
    ...of(service.devices, "devices", "device"),
    ...of(service.device_cgroup_rules, "device_cgroup_rules", "cgroup rule"),
    ...of(service.gpus, "gpus", "GPUs"),
    ...of(reserved, "deploy.resources.reservations.devices", "a device reservation"),
  ];
}

function mebibytes(value: unknown): Maybe<number> {
  if (value === undefined || value === null) return 0;
  const size = bytes(value);
  return size === undefined ? UNKNOWN : size < 0 ? -1 : Math.ceil(size / mebibyte);
}

function restart(own: unknown, policy: Properties): Maybe<string> {
  if (own !== undefined) return own === false ? "no" : text(own);
  const condition = text(policy.condition, "no");
  return condition === "any" ? "always" : condition === "none" ? "no" : condition;
}

function healthcheck(check: Properties): MaybeList<string> {
  if (check.disable === true) return ["NONE"];
  return typeof check.test === "string" ? ["CMD-SHELL", check.test] : texts(check.test, "healthcheck.test");
}
