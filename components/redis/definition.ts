// Redis, the agent bus: append-only file, passwords as hashes in an ACL file, nothing dangerous for its clients.
import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../config/schema.ts";
import { configPath } from "../constants.ts";
import { generatedSecret, sha256 } from "../engine/secrets.ts";
import { Service, type ServiceArgs, type ServiceSpec } from "../engine/service.ts";
import { redisStart } from "./start.ts";

/** Passwords, in clear; Redis itself only gets hashes, and the health check its own password. */
export interface RedisPasswords {
  default: pulumi.Input<string>;
  health: pulumi.Input<string>;
}

/**
 * Room beside the data, MiB: a fork for rewriting the append-only file copies the pages that are written meanwhile,
 * client buffers and fragmentation come on top.
 */
const containerMemoryMiB = (maxMemoryMiB: number) => Math.ceil(maxMemoryMiB * 1.5) + 64;

/** Two lines with a hash each. Without them Redis would let everybody in. */
const leastAclBytes = 128;

/** redis.conf; every value comes from a checked configuration. */
export function redisConf({ maxMemoryMiB, maxMemoryPolicy, persistence }: StackConfig["redis"]): string {
  const durable = {
    aof: ["appendonly yes", "appendfsync everysec", 'save ""'],
    snapshot: ["appendonly no", "save 3600 1 300 100 60 10000", "shutdown-on-sigterm save"],
    none: ["appendonly no", 'save ""'],
  }[persistence];
  return `${[
    "bind * -::*",
    "port 6379",
    "protected-mode yes",
    "dir /data",
    `aclfile ${configPath}/users.acl`,
    `maxmemory ${maxMemoryMiB}mb`,
    `maxmemory-policy ${maxMemoryPolicy}`,
    ...durable,
    "maxclients 4096",
    "tcp-keepalive 60",
    'logfile ""',
  ].join("\n")}\n`;
}

/**
 * Clients use `default`, because that is what `redis-cli -a` and most libraries log in as. It may read and write everything,
 * and look (`info`, `keys`); what administers or endangers the server is out of its reach.
 */
export function redisAcl(passwords: { default: string; health: string }): string {
  return `${[
    `user default on #${sha256(passwords.default)} ~* &* +@all -@admin -@dangerous +info +keys`,
    `user health on #${sha256(passwords.health)} resetkeys resetchannels -@all +ping`,
  ].join("\n")}\n`;
}

/** Redis in plain values. */
export function redisSpec(config: StackConfig, passwords: RedisPasswords): ServiceSpec {
  const ping = `REDISCLI_AUTH="$(cat ${configPath}/health.password)" redis-cli -h 127.0.0.1 --user health --no-auth-warning ping`;
  return {
    service: "redis",
    entrypoint: ["sh", "-c", redisStart(config.redis.persistence)],
    files: {
      "redis.conf": redisConf(config.redis),
      "users.acl": pulumi.secret(
        pulumi
          .all([passwords.default, passwords.health])
          .apply(([user, health]) => redisAcl({ default: user, health })),
      ),
      "health.password": passwords.health,
    },
    minimumBytes: { "users.acl": leastAclBytes },
    data: { data: "/data" },
    networks: { main: "redis" },
    health: { test: ["sh", "-c", `[ "$(${ping})" = PONG ]`] },
    stopGraceSeconds: 30,
    limits: { memoryMiB: containerMemoryMiB(config.redis.maxMemoryMiB), cpus: 1 },
  };
}

export class Redis extends pulumi.ComponentResource {
  public readonly service: Service;
  /** Password of the user `default`. */
  public readonly password: pulumi.Output<string>;

  constructor(name: string, args: ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("xnai:index:Redis", name, {}, opts);
    const { config } = args;
    this.password = generatedSecret("redisPassword", config, { parent: this });
    const health = generatedSecret("redisHealthPassword", config, { parent: this });
    this.service = new Service("redis", redisSpec(config, { default: this.password, health }), args, { parent: this });
    this.registerOutputs({});
  }
}
