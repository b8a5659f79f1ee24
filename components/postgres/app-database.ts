// The database of an app, and the role that owns it, in SQL for the running server. Pure.
import { scramVerifier, superuser } from "./roles.ts";

/** A database of an app's own. Its role has the same name. */
export interface AppDatabase {
  /** Name of the app. */
  app: string;
  /** A name that needs no quoting. */
  name: string;
  extensions: readonly string[];
  /** Connections that its role may hold. */
  connections: number;
}

/** What a role carries as its comment, which only the superuser can write: whose it is. */
export const ownerMark = "xnai app ";

/** Temporary files of one session, which share the disk with everybody's data, MiB. */
const temporaryFilesMiB = 1024;

/** psql in the server's container as the superuser, whose password file is the container's own. Prints rows only. */
const asSuperuser = `psql -w -X -q -A -t -v ON_ERROR_STOP=1 -U ${superuser} -d postgres`.split(" ");

/** The same, which reads SQL. */
export const psql: string[] = [...asSuperuser, "-f", "-"];

/** Refusals without the statement, here and in the server's log: it has a verifier in it. */
const quiet = [
  "\\set VERBOSITY terse",
  "SET client_min_messages = warning;",
  "SET log_statement = none;",
  "SET log_min_error_statement = panic;",
];

const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
const list = (values: readonly string[]) => `ARRAY[${values.map(text).join(", ")}]::text[]`;

/** Until the session ends. What several apps get at the same time would meet in the server's own tables. */
const oneAtATime = "DO $xnai$ BEGIN PERFORM pg_advisory_lock(hashtext('xnai apps')); END $xnai$;";

/** Stops with words of ours where a condition holds. @param message an SQL expression */
const refuseIf = (condition: string, message: string) =>
  `DO $xnai$ BEGIN IF ${condition} THEN RAISE EXCEPTION '%', ${message}; END IF; END $xnai$;`;

/**
 * Makes role and database, or puts them right. Safe to repeat, also where an earlier run was cut off; what belongs to somebody
 * else is refused.
 */
export function appDatabaseSql({ app, name, extensions, connections }: AppDatabase, password: string): string {
  const role = `"${name}"`;
  const mark = text(`${ownerMark}${app}`);
  const key = `xnai:apps.${app}.database`;
  const lacking = `FROM unnest(${list(extensions)}) wanted WHERE wanted NOT IN (SELECT name FROM pg_available_extensions)`;
  return `${[
    ...quiet,
    oneAtATime,
    refuseIf(
      `EXISTS (SELECT ${lacking})`,
      `format('${key}.extensions names %s, which the image of Postgres does not have: name an image that has it under xnai:images.refs.postgres, or remove it; this one has %s', (SELECT string_agg(wanted, ', ') ${lacking}), (SELECT string_agg(name, ', ' ORDER BY name) FROM pg_available_extensions))`,
    ),
    refuseIf(
      `EXISTS (SELECT FROM pg_roles WHERE rolname = ${text(name)} AND shobj_description(oid, 'pg_authid') IS DISTINCT FROM ${mark})`,
      `format('the role ${name} belongs to %s: choose another ${key}.name', coalesce((SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = ${text(name)}), 'somebody else'))`,
    ),
    refuseIf(
      `EXISTS (SELECT FROM pg_database WHERE datname = ${text(name)} AND pg_get_userbyid(datdba) <> ${text(name)})`,
      text(`the database ${name} belongs to somebody else: choose another ${key}.name`),
    ),
    "BEGIN;",
    `SELECT 'CREATE ROLE ${role}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${text(name)}) \\gexec`,
    `COMMENT ON ROLE ${role} IS ${mark};`,
    `ALTER ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT ${connections} PASSWORD ${text(scramVerifier(password))};`,
    `ALTER ROLE ${role} SET temp_file_limit = '${temporaryFilesMiB}MB';`,
    "COMMIT;",
    `SELECT 'CREATE DATABASE ${role} OWNER ${role}' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = ${text(name)}) \\gexec`,
    // Those of the server itself are open to every role otherwise.
    `REVOKE ALL ON DATABASE ${role}, postgres, template1 FROM PUBLIC;`,
    ...(extensions.length > 0 ? [`\\connect ${role}`, ...quiet] : []),
    ...extensions.map((extension) => `CREATE EXTENSION IF NOT EXISTS "${extension}" CASCADE;`),
    "\\q",
  ].join("\n")}\n`;
}

/** The roles of apps that no line of pg_hba.conf, as it is now, lets in. Each may log in again when its app comes back. */
const closing = [
  "DO $xnai$ DECLARE gone name; BEGIN",
  "FOR gone IN SELECT rolname FROM pg_roles WHERE rolcanlogin",
  `AND shobj_description(oid, 'pg_authid') LIKE '${ownerMark}%'`,
  "AND NOT EXISTS (SELECT FROM pg_hba_file_rules WHERE rolname::text = ANY (database))",
  "LOOP EXECUTE format('ALTER ROLE %I NOLOGIN', gone); END LOOP; END $xnai$",
].join(" ");

/** Takes the login from the roles of apps that are gone. */
export const closeRoles: string[] = [...asSuperuser, "-c", closing];

/** Prints the app and the name of every database that was made for an app, a line each, separated by a tab. */
export const listSql = `${[
  "\\pset fieldsep '\\t'",
  `SELECT substr(shobj_description(oid, 'pg_authid'), ${ownerMark.length + 1}), rolname FROM pg_roles WHERE shobj_description(oid, 'pg_authid') LIKE '${ownerMark}%' ORDER BY 2;`,
  "\\q",
].join("\n")}\n`;

/** What `listSql` printed. */
export const listed = (output: string): { app: string; database: string }[] =>
  output.split("\n").flatMap((line) => {
    const [app = "", database = ""] = line.trim().split("\t");
    return database === "" ? [] : [{ app, database }];
  });

/** Deletes a database that was made for an app, and its role. @param name of both */
export const dropSql = (name: string): string =>
  `${[...quiet, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE);`, `DROP ROLE IF EXISTS "${name}";`, "\\q"].join("\n")}\n`;

/** The reason in what psql printed, in the server's words or ours. */
export const reasonIn = (output: string): string => /(?:ERROR|FATAL): {2}(.*)/.exec(output)?.[1] ?? output;
