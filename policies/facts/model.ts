// What a rule sees: one plain description of a container, network, volume, image or provider, whether it comes from a
// Pulumi program (in any language), an exported state or a compose file. What was not written has the value that the
// engine gives it, so that "absent" is never a case of its own; what is not known yet is UNKNOWN.
import type { Maybe, MaybeList, MaybeRecord } from "./unknown.ts";

/** In whose words a message says what to write: properties of Pulumi or keys of a compose file. */
export type Dialect = "pulumi" | "compose";

interface Common {
  /** Pulumi URN, or `services.<name>` of a compose file. */
  id: string;
  /** What messages call it: its name on the engine or, if that is not known, its name in the program or file. */
  label: string;
  dialect: Dialect;
  /** How an unknown value ends the sentence "... is not known". @default before up; from this file */
  unknownUntil?: string;
}

export interface ContainerFacts extends Common {
  kind: "container";
  /** Name on the engine; "" when it makes one up. */
  name: Maybe<string>;
  image: Maybe<string>;
  /** "" is whatever the image says, which may be root. */
  user: Maybe<string>;
  entrypoint: MaybeList<string>;
  command: MaybeList<string>;
  env: MaybeList<NamedFact>;
  labels: MaybeList<NamedFact>;
  /** Notes for the runtime; only a compose file can write them. */
  annotations: MaybeList<NamedFact>;
  /** Files copied in before the start. */
  uploads: MaybeList<UploadFact>;
  /** Commands that Compose runs in it once it has started, or before it stops. */
  hooks: MaybeList<HookFact>;
  /** Whether it is meant to keep running; false for a task. */
  mustRun: Maybe<boolean>;
  /** Profiles of a compose file, of which one must be on for it to run. Empty: it always runs. */
  profiles: string[];

  ports: MaybeList<PortFact>;
  publishAllPorts: Maybe<boolean>;
  networkMode: Maybe<string>;
  networks: MaybeList<AttachmentFact>;
  dns: MaybeList<string>;
  /** Names that it knows besides those on its networks. */
  hosts: MaybeList<HostFact>;
  sysctls: MaybeRecord;

  privileged: Maybe<boolean>;
  readOnly: Maybe<boolean>;
  capAdd: MaybeList<string>;
  capDrop: MaybeList<string>;
  securityOpts: MaybeList<string>;
  pidMode: Maybe<string>;
  ipcMode: Maybe<string>;
  /** Whose host name it has; only a compose file can write "host". */
  utsMode: Maybe<string>;
  usernsMode: Maybe<string>;
  cgroupnsMode: Maybe<string>;
  cgroupParent: Maybe<string>;
  /** Devices of the host, however they are given: devices, device requests, GPUs, cgroup rules. */
  devices: MaybeList<DeviceFact>;
  mounts: MaybeList<MountFact>;
  /** Those with mount options of their own; `mounts` has the others, which are as the engine mounts them. */
  tmpfs: MaybeList<TmpfsFact>;

  /** MiB; 0 is no limit. */
  memory: Maybe<number>;
  /** MiB, memory and swap together; 0 is the engine's default (twice the memory), -1 no limit. */
  memorySwap: Maybe<number>;
  /** Whether any of cpus, cpuShares, cpuQuota or cpuSet limits the processor. */
  cpuLimited: Maybe<boolean>;
  /** Processes and threads; 0 is no limit, as far as its own properties say. */
  pids: Maybe<number>;
  /** Whether a compose file writes limits under `deploy.resources.limits`: Compose refuses `mem_limit` and the like beside it. */
  limitsInDeploy: boolean;
  /** Names of the limits that are set. */
  ulimits: MaybeList<string>;
  restart: Maybe<string>;
  maxRetryCount: Maybe<number>;
  /** The command, beginning with CMD or CMD-SHELL; ["NONE"] switches it off. */
  healthcheck: MaybeList<string>;
  logDriver: Maybe<string>;
  logOpts: MaybeRecord;
  /** Seconds between the stop signal and the kill when it is replaced or removed; 0 kills at once. */
  stopGraceSeconds: Maybe<number>;
  /** Properties that stay as they are on the engine, whatever the program says (`ignoreChanges`). */
  ignoredChanges: string[];
}

/** A variable or a label. Its name is known, or the whole element is UNKNOWN. */
export interface NamedFact {
  path: string;
  name: string;
  value: Maybe<string>;
}
/** A file that is copied in before the start. */
export interface UploadFact {
  path: string;
  file: Maybe<string>;
  content: Maybe<string>;
}
/** A command that runs in the container beside its own. */
export interface HookFact {
  path: string;
  command: MaybeList<string>;
  /** "" is the container's own. */
  user: Maybe<string>;
  privileged: Maybe<boolean>;
  env: MaybeList<NamedFact>;
}
/** A published port, or a range of them: one fact, however long (port-range.ts). */
export interface PortFact {
  path: string;
  /** In the container; the first one of a range. */
  internal: Maybe<number>;
  /** Last one of a range in the container. @default internal */
  internalLast?: number;
  /** On the host, the first one of a range; 0 is a random one. */
  external: Maybe<number>;
  /** Last one of a range on the host. @default external */
  externalLast?: number;
  /** Address on the host. "0.0.0.0" if nothing was written: that is what the provider fills in. */
  ip: Maybe<string>;
  protocol: Maybe<string>;
}
/** A network that the container joins. */
export interface AttachmentFact {
  path: string;
  /** Its name on the engine, if that is known: `host` and `bridge` are the engine's own, whoever declares them. */
  network: Maybe<string>;
}
/** A name and what it stands for, in a container's own list. */
export interface HostFact {
  path: string;
  name: string;
  /** An address, or `host-gateway` for the host's own. */
  address: Maybe<string>;
}
export interface DeviceFact {
  path: string;
  /** As it continues "gets ...". */
  what: string;
}
/** A file system in memory. */
export interface TmpfsFact {
  path: string;
  target: string;
  /** Mount options, such as `size=64m,noexec`; "" is the engine's default. */
  options: Maybe<string>;
}
export interface MountFact {
  path: string;
  /** "from": all that another container mounts. */
  type: "volume" | "bind" | "tmpfs" | "from";
  /** What Compose makes a mount of besides `volumes`: secrets and configs by file, `use_api_socket`. @default volume */
  given?: "secret" | "config" | "api-socket";
  /**
   * Volume name, host path or container; "" for an anonymous volume. A host path of a compose file is as it was written
   * (`./data`, `../data`, `~/data`): it must not matter where the clone lies, or who looks.
   */
  source: Maybe<string>;
  target: Maybe<string>;
  readOnly: Maybe<boolean>;
  propagation: Maybe<string>;
  /** SELinux: "z" shared, "Z" private to this container. */
  relabel: Maybe<string>;
  /** `uid:gid` of the host directory as it is today; only a compose file is read where one can look. */
  ownerOnHost?: string;
}

export interface NetworkFacts extends Common {
  kind: "network";
  name: Maybe<string>;
  driver: Maybe<string>;
  internal: Maybe<boolean>;
  ipv6: Maybe<boolean>;
  options: MaybeRecord;
  /** Whether it is made elsewhere, so that only its name is known. */
  external: boolean;
}

export interface VolumeFacts extends Common {
  kind: "volume";
  name: Maybe<string>;
  driver: Maybe<string>;
  driverOpts: MaybeRecord;
  labels: MaybeList<NamedFact>;
  /** Whether it survives a destroy (`protect` or `retainOnDelete`); undefined where that is not told. */
  retained: boolean | undefined;
}

export interface ImageFacts extends Common {
  kind: "image";
  /** The reference as written: `redis:8.2-alpine@sha256:...`. */
  reference: Maybe<string>;
}

export interface ProviderFacts extends Common {
  kind: "provider";
  /** Address of the engine; "" is the default socket. */
  host: Maybe<string>;
  /** Whether a certificate is given, so that tcp:// is TLS. */
  tls: Maybe<boolean>;
}

/** A limit of processes that the program sets on a container by itself: @pulumi/docker has no property for it. */
export interface PidsLimitFacts extends Common {
  kind: "pids-limit";
  /** Name of the container. */
  container: Maybe<string>;
  /** Processes and threads. */
  pids: Maybe<number>;
}

/** Something that runs containers and that these rules cannot read. */
export interface ForeignFacts extends Common {
  kind: "foreign";
  type: string;
}

export type Facts =
  | ContainerFacts
  | NetworkFacts
  | VolumeFacts
  | ImageFacts
  | ProviderFacts
  | PidsLimitFacts
  | ForeignFacts;
export type FactsOf<K extends Facts["kind"]> = Extract<Facts, { kind: K }>;
