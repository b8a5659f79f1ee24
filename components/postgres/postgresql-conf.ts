// What Postgres reads, rendered from the configuration. Pure.
import { configPath } from "../definition/service.ts";
import { vikunjaRole } from "./roles.ts";

/** The volume's mount point; the image's VOLUME up to version 17. The cluster is in a sub-directory, beside the keep file. */
export const dataPath = "/var/lib/postgresql/data";
export const clusterPath = `${dataPath}/pgdata`;
/** Held by whoever works on the cluster. */
export const lockFile = `${dataPath}/.lock`;
export const confFile = `${configPath}/postgresql.conf`;

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

/** Connections that Vikunja may hold; the others are for health checks, backups and whoever has to look. */
export const vikunjaConnections = ({ maxConnections }: PostgresMemory) => Math.floor(maxConnections * 0.6);

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

/** Passwords everywhere. From the network only Vikunja's role reaches Vikunja's database. */
export const pgHba = `${[
  "local all all scram-sha-256",
  "host all all 127.0.0.1/32 scram-sha-256",
  "host all all ::1/128 scram-sha-256",
  `host ${vikunjaRole} ${vikunjaRole} samenet scram-sha-256`,
].join("\n")}\n`;
