// Postgres' roles and their passwords. Pure.
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

/** Vikunja's role and database; the role owns the database and nothing else. */
export const vikunjaRole = "vikunja";
export const superuser = "postgres";

/** The only password file: for pg_dump and psql inside the container, through PGPASSFILE. */
export const pgpass = (password: string) => `*:*:*:${superuser}:${password}\n`;

/**
 * What Postgres stores of a password (RFC 5803), so that it never sees the password itself. The salt follows from the
 * password: a random one would be a change at every `up`.
 */
export function scramVerifier(password: string, iterations = 4096): string {
  const salt = createHash("sha256").update(`scram salt ${password}`).digest().subarray(0, 16);
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const key = (name: string) => createHmac("sha256", salted).update(name).digest();
  const storedKey = createHash("sha256").update(key("Client Key")).digest("base64");
  const serverKey = key("Server Key").toString("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${storedKey}:${serverKey}`;
}

/** Statements for `postgres --single`, which takes one on each line. Safe to repeat. */
export function rolesSql(passwords: { superuser: string; vikunja: string }): string {
  return `${[
    `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${vikunjaRole}') THEN CREATE ROLE ${vikunjaRole}; END IF; END $$;`,
    `ALTER ROLE ${vikunjaRole} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD '${scramVerifier(passwords.vikunja)}';`,
    `ALTER ROLE ${superuser} PASSWORD '${scramVerifier(passwords.superuser)}';`,
  ].join("\n")}\n`;
}
