// The short and long forms in which a compose file writes ports, mounts, variables and networks.
// https://github.com/compose-spec/compose-spec/blob/main/05-services.md
import type { MountFact, NamedFact, PortFact } from "../../../policies/facts/model.ts";
import { flag, isRecord, number, text } from "../../../policies/facts/properties.ts";
import { type Maybe, UNKNOWN } from "../../../policies/facts/unknown.ts";

/** `[[address:]host:]container[/protocol]`, ranges, or the long form: one fact for each port. */
export function ports(entry: unknown, path: string): Maybe<PortFact>[] {
  if (isRecord(entry)) {
    const published = spread(String(entry.published ?? ""));
    const ip = text(entry.host_ip, "0.0.0.0");
    return published.map((external) => ({
      path,
      internal: number(entry.target),
      external,
      ip: ip === "" ? "0.0.0.0" : ip,
      protocol: text(entry.protocol, "tcp"),
    }));
  }
  if (typeof entry !== "string" && typeof entry !== "number") return [UNKNOWN];
  const match = /^(?:(\[[^\]]*\]|[^:[\]]*):)?(?:([\d-]*):)?(\d+(?:-\d+)?)(?:\/(\w+))?$/.exec(String(entry).trim());
  if (!match) return [UNKNOWN];
  const [, first, second, container = "", protocol = "tcp"] = match;
  // With two parts the first is the host port; with three it is the address.
  const [address, host] =
    second === undefined && /^[\d-]*$/.test(first ?? "") ? ["", first ?? ""] : [first ?? "", second ?? ""];
  const ip = address === "" ? "0.0.0.0" : address.replace(/^\[(.*)\]$/, "$1");
  const inside = spread(container);
  const outside = host === "" ? inside.map(() => 0) : spread(host);
  return inside.map((internal, i) => ({ path, internal, external: outside[i] ?? outside[0] ?? 0, ip, protocol }));
}

/** The numbers of `8000-8003`; [0], a random port, when there is none. */
function spread(range: string): number[] {
  const [from, to = from] = range.split("-").map(Number);
  if (from === undefined || to === undefined || !Number.isInteger(from) || !Number.isInteger(to) || to - from > 65_535)
    return [0];
  return Array.from({ length: Math.max(1, to - from + 1) }, (_, i) => from + i);
}

/**
 * `[source:]target[:mode]` or the long form.
 * @param resolve makes a host path of `./data` or `~/data`
 */
export function mount(entry: unknown, path: string, resolve: (source: string) => string): Maybe<MountFact> | undefined {
  if (isRecord(entry)) {
    const type = entry.type ?? "volume";
    if (type !== "volume" && type !== "bind" && type !== "tmpfs") return undefined;
    const bind = isRecord(entry.bind) ? entry.bind : {};
    const source = text(entry.source);
    return {
      path,
      type,
      source: type === "bind" && typeof source === "string" ? resolve(source) : source,
      target: text(entry.target),
      readOnly: flag(entry.read_only),
      propagation: text(bind.propagation),
      relabel: text(bind.selinux),
    };
  }
  if (typeof entry !== "string") return UNKNOWN;
  const parts = entry.split(":");
  const [source = "", target = "", mode = ""] = parts.length === 1 ? ["", parts[0]] : parts;
  const modes = mode.split(",");
  const isPath = /^[./~]/.test(source);
  return {
    path,
    type: isPath ? "bind" : "volume",
    source: isPath ? resolve(source) : source,
    target,
    readOnly: modes.includes("ro"),
    propagation: modes.find((each) => /^r?(shared|slave|private)$/.test(each)) ?? "",
    relabel: modes.find((each) => each === "z" || each === "Z") ?? "",
  };
}

/** A map, or a list of `NAME=value`. A name without a value takes it from outside. */
export function named(value: unknown, path: string, outside: Record<string, string>): NamedFact[] {
  const from = (name: string): Maybe<string> => (Object.hasOwn(outside, name) ? (outside[name] ?? UNKNOWN) : UNKNOWN);
  if (Array.isArray(value)) {
    return value.map((entry, i) => {
      const [name = "", ...rest] = String(entry).split("=");
      return { path: `${path}[${i}]`, name, value: String(entry).includes("=") ? rest.join("=") : from(name) };
    });
  }
  if (!isRecord(value)) return [];
  return Object.entries(value).map(([name, each]) => ({
    path: `${path}.${name}`,
    name,
    value: each === null || each === undefined ? from(name) : text(each),
  }));
}

/** A string as a list of one, a list as it is, a map as its keys. */
export function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  return isRecord(value) ? Object.keys(value) : [value];
}
