// A Redis as an app, `preset: redis`: for what may not be lost, such as queues. It refuses writes when its memory is full, where the
// stack's own evicts. Whoever is given its password may use all of it. Pure.
import { z } from "zod";
import type { Own } from "../definition/preset.ts";
import { secretItself, secretText } from "../definition/secret.ts";
import type { Preset } from "../definition/service.ts";
import { leastAclBytes, redisAcl } from "./acl.ts";
import type { RedisConfig } from "./config.ts";
import { redisConf } from "./redis-conf.ts";
import { redisContainer, redisServer } from "./server.ts";

const defaultMaxMemoryMiB = 256;

declare module "../config/keys/base.ts" {
  interface KeysForApps {
    maxMemoryMiB?: number | undefined;
  }
}

const settings = ({ app: { maxMemoryMiB = defaultMaxMemoryMiB } }: Own): RedisConfig => ({
  maxMemoryMiB,
  maxMemoryPolicy: "noeviction",
  persistence: "aof",
});

export const redisPreset: Preset = {
  keys: {
    maxMemoryMiB: z
      .int()
      .min(16)
      .max(65_536)
      .optional()
      .describe(`With preset: redis, its limit for data, in MiB; ${defaultMaxMemoryMiB} unless given`),
  },
  definition: (own) => {
    const { name, app, secret } = own;
    const [password, health] = [secret("password"), secret("health-password")];
    const { limits, ...container } = redisContainer(settings(own), name);
    return {
      ...redisServer,
      secrets: { [password]: { rotation: app.rotation }, [health]: { rotation: app.rotation } },
      files: () => ({
        "redis.conf": redisConf(settings(own)),
        "users.acl": secretText(
          [password, health],
          (client, asked) => redisAcl({ default: client, health: asked }),
          leastAclBytes,
        ),
        "health.password": secretItself(health),
      }),
      container: () => ({
        ...container,
        limits: { ...limits, memoryMiB: Math.max(limits.memoryMiB, app.limits.memoryMiB) },
      }),
    };
  },
  offers: {
    host: ({ name }) => name,
    port: () => "6379",
    user: () => "default",
    password: ({ secret }) => secretItself(secret("password")),
    url: ({ name, secret }) => secretText([secret("password")], (text) => `redis://default:${text}@${name}:6379/0`),
  },
};
