// Facts from compose files, as Compose itself reads them, so that the same rules judge what somebody runs today.
import { readFileSync, statSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import type { Facts, NamedFact } from "../../../policies/facts/model.ts";
import { flag, isRecord, nested, type Properties, record, text } from "../../../policies/facts/properties.ts";
import { UNKNOWN } from "../../../policies/facts/unknown.ts";
import type { AuditInput, Place } from "../input.ts";
import { networkName } from "./network.ts";
import { notes } from "./notes.ts";
import {
  type AskLoader,
  type ComposeProject,
  type ComposeRequest,
  type Environment,
  entries,
  readProject,
} from "./read.ts";
import { type Around, containerFacts, named } from "./service.ts";

/** Largest mounted file that is read for settings and default passwords, in bytes. */
const largestFile = 256 * 1024;

/**
 * The services, networks and volumes of compose files.
 * @param environment variables of the shell, which win over those of the .env file beside the compose file
 * @param ask the program that reads them (airgap/compose-loader)
 * @throws XnaiError (usage) with Compose's own sentence when Compose refuses the files
 */
export function collectCompose(request: ComposeRequest, environment: Environment, ask: AskLoader): AuditInput {
  const read = readProject(request, environment, ask);
  const { folder, positions } = read;
  const project = {
    ...read.project,
    ...Object.fromEntries(sections.map((key) => [key, inFileOrder(key, read.project[key], positions)])),
  };
  const around = surroundings({ ...read, project }, (request.profiles ?? []).length > 0);
  const services = entries(project.services);
  const containers = services
    .filter(([, service]) => service.provider === undefined)
    .flatMap(([key, service]) => withInitContainers(`services.${key}`, key, service, around(key, service)));
  const jobs = entries(project.jobs).map(([key, job]) =>
    containerFacts(`jobs.${key}`, key, job, { ...around(key, job), isWaitedFor: true }),
  );
  return {
    title: request.files.join(", "),
    facts: [...containers, ...jobs, ...networks(project), ...volumes(project)],
    notes: [...read.notes, ...notes({ ...read, project }, request)],
    place: ({ subject, path }) => placeOf(read, request.files, folder, subject.id, path),
  };
}

/** The parts of a project that are looked at one by one. */
const sections = ["services", "jobs", "networks", "volumes"];

/** What the project has sorted by name, in the order in which it is written. */
function inFileOrder(key: string, value: unknown, positions: ComposeProject["positions"]): Properties {
  const place = ([name]: [string, unknown]) => positions[`${key}.${name}`] ?? [0, 0];
  const sorted = Object.entries(nested(value)).toSorted((a, b) => {
    const [one, other] = [place(a), place(b)];
    return one[0] - other[0] || one[1] - other[1];
  });
  return Object.fromEntries(sorted);
}

function surroundings(read: ComposeProject, profilesAreChosen: boolean) {
  const { project, folder, portsLast, envFiles } = read;
  const services = entries(project.services);
  const waitedFor = endingServices([...services, ...entries(project.jobs)]);
  // A path below the compose file's own folder stays as people write it: ./data/redis.
  const shown = (path: string) => {
    const inside = relative(folder, path);
    return !isAbsolute(path) || inside.startsWith("..") || isAbsolute(inside) ? path : `./${inside}`;
  };
  const absolute = (path: string) => (path.startsWith("./") ? join(folder, path) : path);
  return (key: string, _service: Properties): Around => ({
    project,
    portsLast,
    profilesAreChosen,
    shown,
    ownerOf: (path) => ownerOf(absolute(path)),
    contentOf: (path) => contentOf(absolute(path)),
    envFile: Object.entries(envFiles[key] ?? {}).map(
      ([name, { file, value }]): NamedFact => ({ path: `env_file[${file}]`, name, value }),
    ),
    isWaitedFor: waitedFor.has(key),
  });
}

/** The service, and a container for each of its `pre_start`, which runs to its end before the service starts. */
function withInitContainers(id: string, key: string, service: Properties, around: Around): Facts[] {
  const before = Array.isArray(service.pre_start) ? service.pre_start : [];
  const own = containerFacts(id, key, service, around);
  const inits = before.filter(isRecord).map((hook, i) => {
    const init = containerFacts(`${id}.pre_start[${i}]`, `${key} (pre_start)`, hook, { ...around, isWaitedFor: true });
    return { ...init, profiles: own.profiles };
  });
  return [own, ...inits];
}

/** Services whose end somebody waits for: they are tasks. */
function endingServices(services: [string, Properties][]): Set<string> {
  const found = new Set<string>();
  for (const [, { depends_on: dependencies }] of services) {
    for (const [key, how] of entries(dependencies)) {
      if (how.condition === "service_completed_successfully") found.add(key);
    }
  }
  return found;
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

function networks(project: Properties): Facts[] {
  const used = new Set(entries(project.services).flatMap(([, service]) => Object.keys(nested(service.networks))));
  return Object.entries(nested(project.networks)).flatMap(([key, value]): Facts[] => {
    const network = nested(value);
    const external = Boolean(network.external);
    // Compose writes the default network into every project; it makes it only for those who join it.
    if (key === "default" && !used.has(key)) return [];
    return [
      {
        kind: "network",
        id: `networks.${key}`,
        label: key,
        dialect: "compose",
        name: networkName(key, nested(project.networks)),
        driver: external ? UNKNOWN : text(network.driver, "bridge"),
        internal: external ? UNKNOWN : flag(network.internal),
        ipv6: external ? UNKNOWN : flag(network.enable_ipv6),
        options: external ? UNKNOWN : record(network.driver_opts),
        external,
      },
    ];
  });
}

function volumes(project: Properties): Facts[] {
  return Object.entries(nested(project.volumes)).map(([key, value]) => {
    const volume = nested(value);
    return {
      kind: "volume",
      id: `volumes.${key}`,
      label: key,
      dialect: "compose",
      name: key,
      driver: text(volume.driver, "local"),
      driverOpts: record(volume.driver_opts),
      labels: named(volume.labels, "labels"),
      // `docker compose down` keeps named volumes; only `-v` removes them.
      retained: undefined,
    };
  });
}

/** Place of `services.redis` + `ports[0]`, or of the nearest thing above it that is written in a file. */
function placeOf(read: ComposeProject, asked: string[], folder: string, id: string, path: string): Place {
  const name = (file: string) => asked.find((each) => resolve(each) === file) ?? relative(process.cwd(), file);
  for (let at = `${id}.${path}`; at !== ""; at = at.replace(/(^|\.[^.[\]]*|\[\d+\])$/, "")) {
    const found = read.positions[at];
    if (found) return { file: name(read.files[found[0]] ?? folder), line: found[1] };
    if (!/[.[]/.test(at)) break;
  }
  return { file: name(read.files[0] ?? folder), line: 1 };
}
