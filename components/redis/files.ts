// Redis' configuration files: redis.conf, and the users with what each may do. Pure; every value comes from a checked
// configuration.
import { sha256 } from "../definition/secret.ts";
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

/** Bytes of two lines with a hash each. Without them Redis would let everybody in. */
export const leastAclBytes = 128;

/**
 * users.acl. Clients use `default`, because that is what `redis-cli -a` and most libraries log in as. It may read and write
 * everything, and look (`info`, `keys`); what administers or endangers the server is out of its reach.
 */
export function redisAcl(passwords: { default: string; health: string }): string {
  return `${[
    `user default on #${sha256(passwords.default)} ~* &* +@all -@admin -@dangerous +info +keys`,
    `user health on #${sha256(passwords.health)} resetkeys resetchannels -@all +ping`,
  ].join("\n")}\n`;
}
