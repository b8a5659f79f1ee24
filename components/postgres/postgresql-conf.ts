// What Postgres reads, rendered from the configuration. Pure.
import type { StackConfig } from "../config/keys/base.ts";
import { type FileContent, secretText } from "../definition/secret.ts";
import { configPath } from "../definition/service.ts";
import { vikunjaRole } from "./roles.ts";

/** The volume's mount point; the image's VOLUME up to version 17. The cluster is in a sub-directory, beside the keep file. */
export const dataPath = "/var/lib/postgresql/data";
export const clusterPath = `${dataPath}/pgdata`;
/** Held by whoever works on the cluster. */
export const lockFile = `${dataPath}/.lock`;
export const confFile = `${configPath}/postgresql.conf`;

export const defaultMemoryMiB = 256;

/** The container's limit, from which Postgres' own settings follow, MiB. */
export const postgresMemoryMiB = (config: StackConfig) => config.resources.postgres?.memoryMiB ?? defaultMemoryMiB;

/** Settings that follow from the container's memory. */
export interface PostgresMemory {
  sharedBuffersMiB: number;
  effectiveCacheMiB: number;
  maintenanceMiB: number;
  workKiB: number;
  maxConnections: number;
}

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, Math.floor(value)));

/**
 * Splits the container's limit: a quarter for shared buffers, and the rest so that every connection may sort at the same
 * time as two maintenance workers are busy, with 4 MiB for each server process itself.
 * @param memoryMiB the container's limit; what is left for the page cache counts towards it as well
 */
export function postgresMemory(memoryMiB: number): PostgresMemory {
  const sharedBuffersMiB = clamp(memoryMiB / 4, 8, 8192);
  const maintenanceMiB = clamp(memoryMiB / 16, 4, 1024);
  const maxConnections = clamp(memoryMiB / 8, 10, 200);
  const left = memoryMiB - sharedBuffersMiB - 2 * maintenanceMiB - 4 * maxConnections;
  return {
    sharedBuffersMiB,
    maintenanceMiB,
    maxConnections,
    effectiveCacheMiB: clamp(memoryMiB / 2, 16, 65_536),
    workKiB: clamp((left * 1024) / maxConnections, 1024, 65_536),
  };
}

/** Connections that Vikunja may hold; the others are for apps, health checks, backups and whoever has to look. */
export const vikunjaConnections = ({ maxConnections }: PostgresMemory) => Math.floor(maxConnections * 0.6);

/** Connections that no app takes: three are the superuser's (superuser_reserved_connections), two are for health checks. */
const reservedConnections = 5;

/** The fewest connections that an app can do with: one that works, and one that migrates or looks. */
export const leastConnections = 2;

/** Connections that the role of each app may hold, so that all of them together leave Vikunja its own. @param apps how many */
export const appConnections = (memory: PostgresMemory, apps: number) =>
  Math.floor((memory.maxConnections - vikunjaConnections(memory) - reservedConnections) / apps);

/** The least memory with which so many apps have their connections, MiB. */
export function memoryForApps(apps: number): number {
  let memoryMiB = defaultMemoryMiB;
  while (appConnections(postgresMemory(memoryMiB), apps) < leastConnections) memoryMiB += 64;
  return memoryMiB;
}

/** postgresql.conf. The one in the cluster's directory is not read. */
export function postgresqlConf(memory: PostgresMemory): string {
  return `${[
    `data_directory = '${clusterPath}'`,
    `hba_file = '${configPath}/pg_hba.conf'`,
    `ident_file = '${configPath}/pg_ident.conf'`,
    "listen_addresses = '*'",
    "unix_socket_directories = '/var/run/postgresql'",
    "password_encryption = scram-sha-256",
    `max_connections = ${memory.maxConnections}`,
    `shared_buffers = ${memory.sharedBuffersMiB}MB`,
    `effective_cache_size = ${memory.effectiveCacheMiB}MB`,
    `work_mem = ${memory.workKiB}kB`,
    `maintenance_work_mem = ${memory.maintenanceMiB}MB`,
    "autovacuum_max_workers = 2",
    // Parallel workers would take memory of their own, and room in /dev/shm.
    "max_parallel_workers_per_gather = 0",
    "jit = off",
    "timezone = 'UTC'",
    "log_timezone = 'UTC'",
    "log_line_prefix = '%m [%p] %u@%d '",
  ].join("\n")}\n`;
}

/**
 * pg_hba.conf: passwords everywhere. From the network each role reaches the database of its own name and no other, Vikunja's
 * and those of apps.
 * @param databases of apps. @default none
 */
export const pgHba = (databases: readonly string[] = []) =>
  `${[
    "local all all scram-sha-256",
    "host all all 127.0.0.1/32 scram-sha-256",
    "host all all ::1/128 scram-sha-256",
    `host ${vikunjaRole} ${vikunjaRole} samenet scram-sha-256`,
    // Quoted: a name such as "all" means nothing else then.
    ...databases.map((name) => `host "${name}" "${name}" samenet scram-sha-256`),
  ].join("\n")}\n`;

/** pg_hba.conf for these apps, whose lines the server takes in while it runs. Without them it is what it always was. */
export const hbaFile = (databases: readonly string[]): FileContent =>
  databases.length === 0
    ? pgHba()
    : { ...secretText([], () => pgHba(databases)), parts: { restart: pgHba(), live: pgHba(databases) } };
