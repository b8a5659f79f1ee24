// What every Redis has, that of the stack and those that are apps: how it starts, is asked, and is repaired.
import { scriptCommand } from "../../lib/shell.ts";
import type { Container } from "../definition/container.ts";
import { configPath, type ServiceDefinition } from "../definition/service.ts";
import type { RedisConfig } from "./config.ts";
import { redisDamage } from "./damage.ts";
import { dataPath } from "./redis-conf.ts";

/**
 * Room beside the data, MiB: a fork for rewriting the append-only file copies the pages that are written meanwhile,
 * client buffers and fragmentation come on top.
 */
const containerMemoryMiB = (maxMemoryMiB: number) => Math.ceil(maxMemoryMiB * 1.5) + 64;

/** The file with the password of the user who may do nothing but ask. */
export const healthPassword = `${configPath}/health.password`;

const script = (name: string, args: string[]) => scriptCommand("sh", import.meta.dirname, name, args);

/** Asks what it has counted since it started. */
export const statsCommand = script("stats.sh", [healthPassword]);

/** What needs no settings. */
export const redisServer = {
  data: { data: dataPath },
  damage: redisDamage,
  repair: { command: script("repair.sh", [dataPath]) },
} satisfies Partial<ServiceDefinition>;

/** Its container. @param alias what others on the network call it */
export const redisContainer = ({ maxMemoryMiB, persistence }: RedisConfig, alias: string): Container => ({
  entrypoint: script("start.sh", [persistence, dataPath, `${configPath}/redis.conf`]),
  networks: { main: alias },
  health: { test: script("health.sh", [healthPassword]) },
  stopGraceSeconds: 30,
  limits: { memoryMiB: containerMemoryMiB(maxMemoryMiB), cpus: 1 },
});
