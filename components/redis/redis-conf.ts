// redis.conf. Pure; every value comes from a checked configuration.
import { configPath } from "../definition/service.ts";
import type { RedisConfig } from "./config.ts";

/** The image's VOLUME. */
export const dataPath = "/data";

/** redis.conf. */
export function redisConf({ maxMemoryMiB, maxMemoryPolicy, persistence }: RedisConfig): string {
  const durable = {
    aof: ["appendonly yes", "appendfsync everysec", 'save ""'],
    snapshot: ["appendonly no", "save 3600 1 300 100 60 10000", "shutdown-on-sigterm save"],
    none: ["appendonly no", 'save ""'],
  }[persistence];
  return `${[
    "bind * -::*",
    "port 6379",
    "protected-mode yes",
    `dir ${dataPath}`,
    `aclfile ${configPath}/users.acl`,
    `maxmemory ${maxMemoryMiB}mb`,
    `maxmemory-policy ${maxMemoryPolicy}`,
    ...durable,
    "maxclients 4096",
    "tcp-keepalive 60",
    'logfile ""',
  ].join("\n")}\n`;
}
