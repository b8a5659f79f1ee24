// Asks compose-loader for the project that Compose makes of some files, and puts UNKNOWN where an unset variable is.
import { spawnSync } from "node:child_process";
import { exitCode, XnaiError } from "../../../lib/errors.ts";
import { isRecord, nested, type Properties } from "../../../policies/facts/properties.ts";
import { UNKNOWN } from "../../../policies/facts/unknown.ts";
import { printable } from "../../../policies/say.ts";

/** What to read, as `docker compose` takes it. */
export interface ComposeRequest {
  /** Compose files, later ones over earlier ones. A folder stands for the file in it that Compose finds, with its override. */
  files: string[];
  /** Profiles that are on. @default each for itself */
  profiles?: string[];
  /** Files with variables. @default the .env beside the first file */
  envFiles?: string[];
}

/** A project as compose-loader prints it (airgap/compose-loader/main.go), with UNKNOWN in it. */
export interface ComposeProject {
  notes: string[];
  unset: string[];
  required: string[];
  /** Paths of what depends on one of these. */
  unknown: string[];
  files: string[];
  folder: string;
  project: Properties;
  portsLast: Record<string, number>;
  envFiles: Record<string, Record<string, { file: number; value: string }>>;
  positions: Record<string, [file: number, line: number]>;
}

/** compose-loader ends itself after 10 seconds of processor; a machine that does much else takes longer for that. */
const longestMs = 120_000;
const largestAnswer = 256 * 2 ** 20;

/** Variables of a shell, which win over those of the .env file. */
export type Environment = Record<string, string | undefined>;

/** Hands a request to compose-loader, and its answer back. @throws XnaiError (usage) when it gives none */
export type AskLoader = (request: ComposeRequest, environment: Environment) => string;

/** Asks the program at this path, started anew for each request. */
export function startedLoader(path: string): AskLoader {
  return (request, environment) => {
    const result = spawnSync(path, {
      input: JSON.stringify(request),
      env: environment,
      timeout: longestMs,
      killSignal: "SIGKILL",
      maxBuffer: largestAnswer,
      encoding: "utf8",
    });
    if (result.status !== 0 || result.stdout === "") throw unreadable(request.files, whyItEnded(result));
    return result.stdout;
  };
}

/** @throws XnaiError (usage) with Compose's own sentence when Compose refuses the files */
export function readProject(request: ComposeRequest, environment: Environment, ask: AskLoader): ComposeProject {
  const answer = JSON.parse(ask(request, environment));
  if (answer.refused) throw unreadable(request.files, answer.refused);
  const project = withUnknown(answer.project, answer.marker) as Properties;
  for (const path of answer.unknown) setUnknown(project, path);
  return { ...answer, project };
}

function unreadable(files: string[], why: string): XnaiError {
  const names = printable(files.join(", "), 300);
  return new XnaiError(
    exitCode.usage,
    `Compose does not read ${names}: ${why}${why.endsWith(".") ? "" : "."}`,
    `Check with: docker compose -f ${printable(files.join(" -f "), 300)} config`,
  );
}

/** In words, why the program gave no answer. */
function whyItEnded({ signal, error, stderr }: { signal: string | null; error?: Error; stderr: string }): string {
  if (/out of memory|cannot allocate/.test(stderr)) return "to read it takes more than 512 MiB of memory";
  if (signal === "SIGKILL" || signal === "SIGXCPU") return "to read it takes more than 10 seconds of processor time";
  if (/stack overflow|stack exceeds/.test(stderr)) return "it is nested too deeply";
  return error?.message ?? "its reader ended without an answer";
}

/** A value in which every text with the marker is UNKNOWN. A key with it makes its whole map unknown. */
function withUnknown(value: unknown, marker: string): unknown {
  if (typeof value === "string") return value.includes(marker) ? UNKNOWN : value;
  if (Array.isArray(value)) return value.map((each) => withUnknown(each, marker));
  if (!isRecord(value)) return value;
  const keys = Object.keys(value);
  if (keys.some((key) => key.includes(marker))) return UNKNOWN;
  return Object.fromEntries(keys.map((key) => [key, withUnknown(value[key], marker)]));
}

/** Sets `services.app.ports[0].published`; one that ends with `[]` is another element of the list, or of the map. */
function setUnknown(root: Properties, path: string): void {
  let at: unknown = root;
  let rest = path;
  while (at !== UNKNOWN) {
    const index = /^\[(\d+)\]\.?/.exec(rest);
    if (index && Array.isArray(at)) {
      rest = rest.slice(index[0].length);
      if (rest === "") at[Number(index[1])] = UNKNOWN;
      if (rest === "") return;
      at = at[Number(index[1])];
      continue;
    }
    if (!isRecord(at)) return;
    const step = nextKey(at, rest);
    rest = rest.slice(step.length).replace(/^\./, "");
    if (rest === "") {
      at[step] = UNKNOWN;
      return;
    }
    if (rest === "[]") {
      const list = at[step];
      at[step] = Array.isArray(list) ? [...list, UNKNOWN] : isRecord(list) ? { ...list, "": UNKNOWN } : [UNKNOWN];
      return;
    }
    if (at[step] === undefined || at[step] === null) at[step] = {};
    at = at[step];
  }
}

/** The longest key that the path begins with: names of services may have dots in them. */
function nextKey(map: Properties, rest: string): string {
  const known = Object.keys(map).filter(
    (key) => rest === key || rest.startsWith(`${key}.`) || rest.startsWith(`${key}[`),
  );
  const longest = known.toSorted((a, b) => b.length - a.length)[0];
  return longest ?? /^[^.[]+/.exec(rest)?.[0] ?? rest;
}

/** The parts of a section of the project that are maps, by name. */
export function entries(value: unknown): [string, Properties][] {
  return Object.entries(nested(value)).filter((entry): entry is [string, Properties] => isRecord(entry[1]));
}
