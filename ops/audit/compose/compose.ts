// Facts from a docker-compose.yml, so that the same rules judge what somebody runs today.
import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { type Document, LineCounter, parseDocument } from "yaml";
import { exitCode, XnaiError } from "../../../lib/errors.ts";
import type { Facts, NamedFact } from "../../../policies/facts/model.ts";
import { flag, isRecord, type Properties, record, text } from "../../../policies/facts/properties.ts";
import { UNKNOWN } from "../../../policies/facts/unknown.ts";
import type { AuditInput } from "../input.ts";
import { listOf, named } from "./forms.ts";
import { containerFacts } from "./service.ts";
import { interpolate, parseEnvFile } from "./text.ts";

/** Keys of Compose that change what runs and that are not followed. */
const notFollowed = { file: ["include"], service: ["extends", "profiles", "develop", "provider"] };
/** Largest mounted file that is read for settings and default passwords, in bytes. */
const largestFile = 256 * 1024;

/**
 * The services, networks and volumes of a compose file.
 * @param environment variables of the shell, which win over those of the .env file beside the compose file
 */
export function collectCompose(file: string, environment: Record<string, string | undefined>): AuditInput {
  const folder = dirname(resolve(file));
  const notes = new Set<string>();
  const lines = new LineCounter();
  const document = parseDocument(readText(file), { merge: true, lineCounter: lines });
  const problem = document.errors[0];
  if (problem) throw unreadable(file, problem.message);
  const dotenv = existsSync(join(folder, ".env")) ? parseEnvFile(readFileSync(join(folder, ".env"), "utf8")) : {};
  const variables = { ...dotenv, ...defined(environment) };
  const missing = (name: string) =>
    notes.add(`The variable ${name} is set nowhere: it counts as empty, as it does for Compose.`);
  const root = interpolated(document.toJS({ maxAliasCount: 1000 }), variables, missing);
  if (!isRecord(root) || !isRecord(root.services)) throw unreadable(file, "it has no services");

  for (const key of notFollowed.file) if (key in root) notes.add(`\`${key}\` is not followed: audit those files too.`);
  const beside = file.replace(/\.(ya?ml)$/, ".override.$1");
  if (beside !== file && existsSync(beside))
    notes.add(`${basename(beside)} lies beside it, and Compose would merge it: it is not read.`);
  for (const [key, service] of Object.entries(root.services)) {
    if (!isRecord(service)) throw unreadable(file, `services.${key} is not a map`);
    for (const word of notFollowed.service)
      if (word in service) notes.add(`services.${key}: \`${word}\` is not followed.`);
  }
  const services = root.services as Record<string, Properties>;
  const waitedFor = endingServices(services);
  const absolute = (path: string) => resolve(folder, path.replace(/^~/, homedir()));
  // A path below the compose file's own folder stays as people write it: ./data/redis.
  const shown = (path: string) => {
    const inside = relative(folder, absolute(path));
    return inside.startsWith("..") || isAbsolute(inside) ? absolute(path) : `./${inside}`;
  };
  const containers = Object.entries(services).map(([key, service]) =>
    containerFacts(key, service, {
      variables,
      envFile: envFiles(key, service, absolute, notes),
      resolve: shown,
      ownerOf: (path) => ownerOf(absolute(path)),
      contentOf: (path) => contentOf(absolute(path)),
      networkName: (name) => name,
      isWaitedFor: waitedFor.has(key),
    }),
  );
  for (const [key, service] of Object.entries(services)) {
    if (service.build !== undefined) notes.add(`services.${key} builds its image: what is in it is not looked at.`);
  }
  return {
    title: file,
    facts: [...containers, ...networks(root, services), ...volumes(root)],
    notes: [...notes],
    place: ({ subject, path: at }) => ({ file, line: lineOf(document, lines, subject.id, at) }),
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw unreadable(file, (error as Error).message);
  }
}

function unreadable(file: string, why: string): XnaiError {
  return new XnaiError(
    exitCode.usage,
    `${file} is not a compose file that can be read: ${why}.`,
    "Check it with: docker compose config",
  );
}

function defined(environment: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Values, not keys, are interpolated. */
function interpolated(value: unknown, variables: Record<string, string>, missing: (name: string) => void): unknown {
  if (typeof value === "string") return value.includes("$") ? interpolate(value, variables, missing) : value;
  if (Array.isArray(value)) return value.map((each) => interpolated(each, variables, missing));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, interpolated(each, variables, missing)]));
}

/** Services whose end somebody waits for: they are tasks. */
function endingServices(services: Record<string, Properties>): Set<string> {
  const found = new Set<string>();
  for (const { depends_on: dependencies } of Object.values(services)) {
    if (!isRecord(dependencies)) continue;
    for (const [key, how] of Object.entries(dependencies)) {
      if (isRecord(how) && how.condition === "service_completed_successfully") found.add(key);
    }
  }
  return found;
}

function envFiles(key: string, service: Properties, path: (source: string) => string, notes: Set<string>): NamedFact[] {
  const found = new Map<string, NamedFact>();
  for (const [i, entry] of listOf(isRecord(service.env_file) ? [service.env_file] : service.env_file).entries()) {
    const file = isRecord(entry) ? entry.path : entry;
    if (typeof file !== "string") continue;
    try {
      const values = parseEnvFile(readFileSync(path(file), "utf8"));
      for (const each of named(values, `env_file[${i}]`, {})) found.set(each.name, { ...each, path: `env_file[${i}]` });
    } catch {
      notes.add(`services.${key}: env_file ${file} cannot be read.`);
    }
  }
  return [...found.values()];
}

function ownerOf(path: string): string | undefined {
  const info = statSync(path, { throwIfNoEntry: false });
  return info && `${info.uid}:${info.gid}`;
}

function contentOf(path: string): string | undefined {
  try {
    const info = statSync(path, { throwIfNoEntry: false });
    if (!info?.isFile() || info.size > largestFile) return undefined;
    const content = readFileSync(path);
    return content.includes(0) ? undefined : content.toString();
  } catch {
    return undefined;
  }
}

function networks(root: Properties, services: Record<string, Properties>): Facts[] {
  const declared = isRecord(root.networks) ? root.networks : {};
  const needsDefault = Object.values(services).some(
    (service) => service.networks === undefined && service.network_mode === undefined,
  );
  const all: Record<string, unknown> =
    needsDefault && !("default" in declared) ? { ...declared, default: null } : declared;
  return Object.entries(all).map(([key, value]) => {
    const network = isRecord(value) ? value : {};
    const external = network.external !== undefined && network.external !== false;
    return {
      kind: "network",
      id: `networks.${key}`,
      label: key,
      dialect: "compose",
      name: key,
      driver: external ? UNKNOWN : text(network.driver, "bridge"),
      internal: external ? UNKNOWN : flag(network.internal),
      ipv6: external ? UNKNOWN : flag(network.enable_ipv6),
      options: external ? UNKNOWN : record(network.driver_opts),
      external,
    };
  });
}

function volumes(root: Properties): Facts[] {
  return Object.entries(isRecord(root.volumes) ? root.volumes : {}).map(([key, value]) => {
    const volume = isRecord(value) ? value : {};
    return {
      kind: "volume",
      id: `volumes.${key}`,
      label: key,
      dialect: "compose",
      name: key,
      driver: text(volume.driver, "local"),
      driverOpts: record(volume.driver_opts),
      labels: named(volume.labels, "labels", {}),
      // `docker compose down` keeps named volumes; only `-v` removes them.
      retained: undefined,
    };
  });
}

/** Line of `services.redis` + `ports[0]`, or of the nearest thing above it that is written in the file. */
function lineOf(document: Document, lines: LineCounter, id: string, path: string): number {
  const steps = [...id.split("."), ...path.split(/[.[\]]+/)]
    .filter((step) => step !== "")
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  for (let length = steps.length; length > 0; length--) {
    const node = document.getIn(steps.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (!node?.range) continue;
    const { line } = lines.linePos(node.range[0]);
    // A map's position is its first key: what is asked for is the line above, where its name stands.
    return length === steps.length || typeof steps[length - 1] === "number" ? line : Math.max(1, line - 1);
  }
  return 1;
}
