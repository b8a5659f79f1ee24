// The tables of a report, for the terminal and for docs/performance.md.
import { median } from "../measure.ts";
import type { Figures, Found } from "./figures.ts";
import { spread } from "./goal.ts";
import { goalNames, goals } from "./goals.ts";

/** A table with what is to be said about it. */
export interface Section {
  readonly title: string;
  readonly text?: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const verdict = (met: boolean | undefined) => (met === undefined ? "" : met ? "yes" : "**no**");

const digits = { s: 2, ms: 3, "/s": 0 };

function comparisons({ compared = {} }: Found): Section {
  const rows = goalNames.flatMap((name) => {
    const [{ what, peer, unit, goal }, figures] = [goals[name], compared[name]];
    if (!figures) return [];
    const cell = (list: number[]) => (list.length > 0 ? `${spread(list, digits[unit])} ${unit}` : "");
    const told = [cell(figures.ours), peer, cell(figures.peer), goal.result(figures), goal.words];
    return [[what, ...told, verdict(goal.met(figures))]];
  });
  return { title: "Goals", head: ["what", "it takes", "beside", "which takes", "ratio", "goal", "met"], rows };
}

function commands({ commands: measured = {}, compared }: Found): Section {
  const empty = median(compared?.upNothingToDo?.peer ?? []);
  const rows = Object.entries(measured).map(([name, list]) => [
    name,
    `${spread(list)} s`,
    `${(median(list) / empty).toFixed(1)} x`,
  ]);
  const head = ["command", "it takes", "of the empty program's preview"];
  return { title: "Other commands", head, rows };
}

/** Milliseconds for each further container: the slope of the line that fits best. */
export function slope(points: readonly (readonly [x: number, seconds: number])[]): number {
  const mean = (list: number[]) => list.reduce((sum, item) => sum + item, 0) / list.length;
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, taken]) => taken))];
  const above = points.reduce((sum, [at, taken]) => sum + (at - x) * (taken - y), 0);
  return (1000 * above) / points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
}

function growth({ growth: measured = {} }: Found): Section {
  const sizes = Object.entries(measured).map(([size, grown]) => [Number(size), grown] as const);
  const rows = sizes.map(([size, { without, adds }]) => [`${size}`, `${spread(without)} s`, `${spread(adds)} s`]);
  const line = (of: "without" | "adds") => slope(sizes.map(([size, grown]) => [size, median(grown[of])])).toFixed(1);
  const last = sizes.length > 1 ? [["for each container more", `${line("without")} ms`, `${line("adds")} ms`]] : [];
  return {
    title: "Growth",
    text: "Previews of a program with so many containers, and what the policy pack adds to them.",
    head: ["containers", "preview without policies", "the pack adds"],
    rows: [...rows, ...last],
  };
}

const ofApps = ["preview", "up", "edit", "nothing"] as const;

function apps({ apps: measured = {} }: Found): Section {
  const sizes = Object.entries(measured).map(([size, figures]) => [Number(size), figures] as const);
  const rows = sizes.map(([size, figures]) => [`${size}`, ...ofApps.map((name) => `${figures[name].toFixed(1)} s`)]);
  const more = ofApps.map((name) => `${slope(sizes.map(([size, figures]) => [size, figures[name]])).toFixed(0)} ms`);
  return {
    title: "Apps",
    text: "A stack of Caddy, Redis and so many apps of the smallest kind, each with a route. Policies are on.",
    head: [
      "apps",
      "`xnai preview`",
      "`xnai up` from nothing",
      "`xnai up` after changed Redis memory",
      "`xnai up --refresh`, nothing to do",
    ],
    rows: [...rows, ...(sizes.length > 1 ? [["for each app more", ...more]] : [])],
  };
}

const sum = (record: Record<string, number>) => Object.values(record).reduce((all, item) => all + item, 0);

function idle({ idle: measured = {} }: Found): Section {
  const rows = Object.entries(measured).map(([who, { containers, shims, engine, total }]) => [
    who,
    ...[sum(containers), shims, engine, total].map((percent) => percent.toFixed(2)),
  ]);
  const head = ["percent of one core", "in the containers", "shims", "dockerd, containerd", "total"];
  return { title: "Processor, while nobody uses it", head, rows };
}

function memory({ memory: measured = {} }: Found): Section {
  const names = [...new Set(Object.values(measured).flatMap((containers) => Object.keys(containers)))];
  const rows = Object.entries(measured).map(([who, containers]) => [
    who,
    ...names.map((name) => containers[name]?.toFixed(0) ?? ""),
    sum(containers).toFixed(0),
  ]);
  return { title: "Memory, while nobody uses it", head: ["MiB", ...names, "total"], rows };
}

function peak({ peak: measured = {} }: Found): Section {
  const rows = Object.entries(measured).map(([command, mib]) => [command, mib.toFixed(0)]);
  return {
    title: "Memory of a command, at its peak",
    text: "Resident memory of the command and of all processes that it starts, added up: what they share counts several times.",
    head: ["command", "MiB"],
    rows,
  };
}

/** Those that have something in them. */
export function sections(found: Figures | Found): Section[] {
  const all = [comparisons, commands, growth, apps, idle, memory, peak].map((section) => section(found));
  return all.filter(({ rows }) => rows.length > 0);
}
