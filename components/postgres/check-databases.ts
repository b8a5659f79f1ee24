// What must hold between the databases of all apps. Pure.
import { isDeepStrictEqual } from "node:util";
import { isUsedBy } from "../apps/uses.ts";
import { asObject, type ConfigCheck } from "../config/keys/checks.ts";
import { forApps } from "./clients.ts";
import { databaseName } from "./config.ts";
import {
  appConnections,
  defaultMemoryMiB,
  leastConnections,
  memoryForApps,
  postgresMemory,
} from "./postgresql-conf.ts";
import { superuser, vikunjaRole } from "./roles.ts";

/** What the server, or SQL itself, has under these names. */
const taken = [superuser, vikunjaRole, "template0", "template1", "public", "none"];

const postgres = { name: "postgres", forApps };

/** A task on the database of another app: that app has to have one of its own. */
function checkShared(
  app: string,
  keys: Record<string, unknown>,
  of: unknown,
  owners: readonly string[],
  say: (path: string[], input: unknown, message: string) => void,
): void {
  const database = asObject(keys.database);
  const path = ["apps", app, "database"];
  if (keys.task !== true)
    say([...path, "of"], of, "each app has a database of its own, and only a task works on another's");
  else if (typeof of === "string" && !owners.includes(of))
    say([...path, "of"], of, `no app with a database of its own; there are: ${owners.join(", ") || "none"}`);
  for (const key of ["name", "extensions"])
    if (database[key] !== undefined && !isDeepStrictEqual(database[key], []))
      say([...path, key], database[key], `the database is that of ${of}: say it there, or remove of`);
}

/** A database each, and connections for all of them. */
export const checkDatabases: ConfigCheck = (values, context) => {
  const using = Object.entries(asObject(values?.apps)).flatMap(([app, keys]) => {
    const all = asObject(keys);
    return isUsedBy(postgres, all) ? [{ app, keys: all, of: asObject(all.database).of }] : [];
  });
  const apps = using.filter(({ of }) => of === undefined);
  const seen = new Map<string, string>();
  const say = (path: string[], input: unknown, message: string) =>
    context.addIssue({ code: "custom", path, input, message });
  const owners = apps.map(({ app }) => app);
  for (const { app, keys, of } of using) if (of !== undefined) checkShared(app, keys, of, owners, say);
  for (const { app, keys } of apps) {
    const own = asObject(keys.database).name;
    const name = databaseName(app, typeof own === "string" ? own : undefined);
    const key = ["apps", app, "database", "name"];
    const other = seen.get(name);
    if (taken.includes(name) || name.startsWith("pg_"))
      say(key, name, "Postgres itself has that name: choose another one");
    else if (other)
      say(key, name, `the database of ${other} has that name, and each app has one of its own: choose another one`);
    seen.set(name, app);
  }
  const memoryMiB = asObject(asObject(values?.resources).postgres).memoryMiB ?? defaultMemoryMiB;
  if (typeof memoryMiB !== "number" || apps.length === 0) return;
  if (appConnections(postgresMemory(memoryMiB), apps.length) >= leastConnections) return;
  say(
    ["resources", "postgres", "memoryMiB"],
    memoryMiB,
    `${apps.length} apps need at least ${memoryForApps(apps.length)} for their connections beside Vikunja's`,
  );
};
