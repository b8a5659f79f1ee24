// `npm run lint:arrows`: checks with dependency-cruiser that no part of the house knows what it may not know, and that the
// picture in docs/architecture.md is the one that the imports give. `npm run docs:house` draws it anew.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";

/** One file as dependency-cruiser reports it. */
interface Module {
  source: string;
  dependencies: { resolved: string }[];
}

/** An arrow that .dependency-cruiser.mjs forbids. */
interface Violation {
  rule: { name: string };
  from: string;
  to: string;
}

const root = join(import.meta.dirname, "..");
const page = join(root, "docs/architecture.md");
const parts = ["index.ts", "lib", "components", "policies", "ops", "airgap"];
const between = /(<!-- rooms -->\n)[\s\S]*?(<!-- \/rooms -->)/;

/** The room of a file: its folder, two levels deep (three for the configuration's keys); a file outside of those by itself. */
export function roomOf(file: string): string {
  const folders = file.split("/").slice(0, -1);
  if (folders.length === 0 || (folders.length === 1 && folders[0] !== "lib")) return file;
  if (file.startsWith("components/config/keys/")) return "components/config/keys/";
  return `${folders.slice(0, 2).join("/")}/`;
}

/** Room -> the rooms that it imports. */
export function arrows(modules: readonly Module[]): Map<string, Set<string>> {
  const rooms = new Map(modules.map(({ source }) => [roomOf(source), new Set<string>()]));
  const ours = new Set(modules.map(({ source }) => source));
  for (const { source, dependencies } of modules)
    for (const { resolved } of dependencies)
      if (ours.has(resolved) && roomOf(resolved) !== roomOf(source)) rooms.get(roomOf(source))?.add(roomOf(resolved));
  return rooms;
}

/** Rooms by floor: each knows only rooms on the floors below it. @throws Error where two know each other */
export function floors(rooms: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const floorOf = new Map<string, number>();
  function visit(room: string, above: readonly string[]): number {
    if (above.includes(room)) throw new Error(`a circle of rooms: ${[...above, room].join(" -> ")}`);
    const known = floorOf.get(room);
    if (known !== undefined) return known;
    const below = [...(rooms.get(room) ?? [])].map((each) => visit(each, [...above, room]));
    const floor = below.length === 0 ? 0 : Math.max(...below) + 1;
    floorOf.set(room, floor);
    return floor;
  }
  for (const room of rooms.keys()) visit(room, []);
  const built: string[][] = [];
  for (const [room, floor] of floorOf) built[floor] = [...(built[floor] ?? []), room];
  return built.map((floor) => floor.toSorted());
}

const columns = ["ops", "components", "policies", "airgap", "lib"];

/** The picture: the highest floor first, a column for each part of the house. */
export function drawn(built: readonly string[][]): string {
  const cell = (floor: readonly string[], part: string) =>
    floor
      .filter((room) => room.startsWith(`${part}/`) || (part === "components" && room === "index.ts"))
      .map((room) => `\`${room === "index.ts" ? "/index.ts" : room.replace(new RegExp(`^${part}/(?=.)`), "")}\``)
      .join(" ");
  const rows = built.map((floor) => `| ${columns.map((part) => cell(floor, part)).join(" | ")} |`);
  const head = [`| ${columns.map((part) => `${part}/`).join(" | ")} |`, `|${columns.map(() => "---|").join("")}`];
  return `\n${[...head, ...rows.toReversed()].join("\n")}\n\n`;
}

if (import.meta.main) {
  const write = process.argv.includes("--write");
  const cache = ["--cache", "node_modules/.cache/dependency-cruiser", "--cache-strategy", "content"];
  const args = ["--config", ".dependency-cruiser.mjs", ...cache, "-T", "json", ...parts];
  const { stdout } = await execa("depcruise", args, {
    cwd: root,
    preferLocal: true,
    reject: false,
    maxBuffer: 2 ** 26,
  });
  const { modules, summary } = JSON.parse(stdout) as { modules: Module[]; summary: { violations: Violation[] } };
  for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} -> ${to}`);

  const text = readFileSync(page, "utf8");
  const ours = modules.filter(({ source }) => parts.some((part) => source === part || source.startsWith(`${part}/`)));
  const current = text.replace(between, `$1${drawn(floors(arrows(ours)))}$2`);
  if (write) writeFileSync(page, current);
  else if (current !== text) console.error("docs/architecture.md is stale: run npm run docs:house");
  process.exitCode = summary.violations.length > 0 || (current !== text && !write) ? 1 : 0;
}
