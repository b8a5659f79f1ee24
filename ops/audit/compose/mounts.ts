// What a service of a compose file mounts: its volumes, and what Compose makes a mount of besides them.
import type { MountFact, UploadFact } from "../../../policies/facts/model.ts";
import { flag, isRecord, list, nested, type Properties, text } from "../../../policies/facts/properties.ts";
import { isKnown, type Maybe, type MaybeList, map, UNKNOWN } from "../../../policies/facts/unknown.ts";

/** What mounts need from around the service. */
export interface Surroundings {
  /** The whole project: secrets, configs, and the services that `volumes_from` names. */
  project: Properties;
  /** A host path as reports show it. */
  shown(path: string): string;
  /** `uid:gid` of a host path, if it is there. */
  ownerOf(path: string): string | undefined;
  /** Text of a small file of the host, if it can be read. */
  contentOf(path: string): string | undefined;
}

/** The engine's socket, which `use_api_socket` mounts. */
const apiSocket = "/var/run/docker.sock";

export interface Mounted {
  mounts: MaybeList<MountFact>;
  /** Configuration files that the service gets: those that are mounted one by one, and those that the file holds. */
  uploads: UploadFact[];
}

export function mountsOf(service: Properties, around: Surroundings): Mounted {
  const volumes = list<MountFact>(service.volumes, "volumes", (entry, path) => volumeMount(entry, path, around));
  const files = [...given("secret", service, around), ...given("config", service, around)];
  const socket: MountFact[] = service.use_api_socket
    ? [{ ...plain("use_api_socket", apiSocket, apiSocket), given: "api-socket" }]
    : [];
  if (service.use_api_socket === UNKNOWN) return { mounts: UNKNOWN, uploads: [] };
  if (!isKnown(volumes)) return { mounts: UNKNOWN, uploads: inline(service, around) };
  const mounts = [...volumes, ...files, ...socket, ...fromOthers(service, around, new Set())];
  return { mounts, uploads: [...mountedFiles(mounts, around), ...inline(service, around)] };
}

function plain(path: string, source: Maybe<string>, target: Maybe<string>): MountFact {
  return { path, type: "bind", source, target, readOnly: false, propagation: "", relabel: "" };
}

function volumeMount(entry: unknown, path: string, around: Surroundings): Maybe<MountFact> | undefined {
  if (!isRecord(entry)) return UNKNOWN;
  const { type } = entry;
  if (type === "image") return undefined;
  if (type !== "bind" && type !== "npipe" && type !== "tmpfs" && type !== "volume" && type !== "cluster")
    return UNKNOWN;
  const kind = type === "npipe" ? "bind" : type === "cluster" ? "volume" : type;
  const bind = nested(entry.bind);
  const own = text(entry.source);
  const source = kind === "bind" && isKnown(own) ? around.shown(own) : own;
  const ownerOnHost = kind === "bind" && isKnown(own) ? around.ownerOf(own) : undefined;
  return {
    path,
    type: kind,
    source,
    target: text(entry.target),
    readOnly: flag(entry.read_only),
    propagation: text(bind.propagation),
    relabel: text(bind.selinux),
    ...(ownerOnHost === undefined ? {} : { ownerOnHost }),
  };
}

/** Secrets and configs by file: Compose mounts the file of the host. */
function given(kind: "secret" | "config", service: Properties, around: Surroundings): Maybe<MountFact>[] {
  const all = nested(around.project[`${kind}s`]);
  const entries = list<MountFact>(service[`${kind}s`], `${kind}s`, (entry, path) => {
    if (!isRecord(entry) || typeof entry.source !== "string") return UNKNOWN;
    const { file } = nested(all[entry.source]);
    if (file === undefined) return undefined;
    const source = text(file);
    const target = targetOf(kind, entry);
    return { ...plain(path, isKnown(source) ? around.shown(source) : source, target), readOnly: true, given: kind };
  });
  return isKnown(entries) ? entries : [UNKNOWN];
}

function targetOf(kind: "secret" | "config", entry: Properties): Maybe<string> {
  const target = text(entry.target ?? entry.source);
  if (!isKnown(target) || target.startsWith("/")) return target;
  return kind === "secret" ? `/run/secrets/${target}` : `/${target}`;
}

/** `service[:mode]` has what that service mounts; `container:name` is somebody else's. */
function fromOthers(service: Properties, around: Surroundings, seen: Set<unknown>): Maybe<MountFact>[] {
  seen.add(service);
  const services = nested(around.project.services);
  const found = list<Maybe<MountFact>[]>(service.volumes_from, "volumes_from", (entry, path) => {
    if (typeof entry !== "string") return UNKNOWN;
    const [first = "", second = "", third = ""] = entry.split(":");
    const readOnly = (first === "container" ? third : second) === "ro";
    if (first === "container") return [{ ...plain(path, second, ""), type: "from", readOnly }];
    const other = services[first];
    if (!isRecord(other) || seen.has(other)) return [];
    const theirs = list<MountFact>(other.volumes, "volumes", (volume, at) => volumeMount(volume, at, around));
    const own: Maybe<MountFact>[] = isKnown(theirs) ? theirs : [UNKNOWN];
    const all: Maybe<MountFact>[] = [...own, ...fromOthers(other, around, seen)];
    return all.map((mount) => map(mount, (known) => ({ ...known, path, readOnly: readOnly || known.readOnly })));
  });
  return isKnown(found) ? found.flatMap((each) => (isKnown(each) ? each : [UNKNOWN])) : [UNKNOWN];
}

function mountedFiles(mounts: Maybe<MountFact>[], around: Surroundings): UploadFact[] {
  return mounts.flatMap((each) => {
    if (!isKnown(each) || each.type !== "bind" || each.given === "secret" || !isKnown(each.source)) return [];
    const content = around.contentOf(each.source);
    return content === undefined ? [] : [{ path: each.path, file: each.target, content }];
  });
}

/** Configs whose text stands in the compose file itself. */
function inline(service: Properties, around: Surroundings): UploadFact[] {
  const all = nested(around.project.configs);
  const found = list<UploadFact>(service.configs, "configs", (entry, path) => {
    if (!isRecord(entry) || typeof entry.source !== "string") return UNKNOWN;
    const { content, environment } = nested(all[entry.source]);
    if (content === undefined && environment === undefined) return undefined;
    return { path, file: targetOf("config", entry), content: content === undefined ? UNKNOWN : text(content) };
  });
  return isKnown(found) ? found.filter(isKnown) : [];
}
