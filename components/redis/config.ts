// Redis' keys in the configuration: `xnai:redis`.
import { z } from "zod";
import type { ConfigCheck, Unchecked } from "../config/keys/checks.ts";

export const redisKeys = z.strictObject({
  maxMemoryMiB: z.int().min(16).max(65_536).default(512).describe("Redis' own limit for data, in MiB"),
  maxMemoryPolicy: z
    .enum([
      "allkeys-lru",
      "allkeys-lfu",
      "allkeys-random",
      "volatile-lru",
      "volatile-lfu",
      "volatile-random",
      "volatile-ttl",
      "noeviction",
    ])
    .default("allkeys-lru")
    .describe(
      "What Redis evicts when maxMemoryMiB is reached; allkeys-* takes any key, queues and streams too (keep those in an app with preset: redis), noeviction refuses writes instead",
    ),
  persistence: z
    .enum(["aof", "snapshot", "none"])
    .default("aof")
    .describe("aof: append-only file, flushed every second; snapshot: RDB files only; none: memory only"),
});

export type RedisConfig = z.infer<typeof redisKeys>;

/** In a list of users a space ends a pattern, and redis-cli takes quotes for its own. */
const pattern = z.string().regex(/^[!#-&(-~]+$/, "a pattern such as docs:*, without spaces and quotes");

/** What an app may say of its user: `xnai:apps.<name>.redis`. */
export const redisForApps = z
  .union([
    z.strictObject({
      keys: z.array(pattern).describe("Patterns of the keys that it may use, such as docs:*"),
      channels: z.array(pattern).default([]).describe("Patterns of the channels that it may publish and subscribe to"),
    }),
    z.strictObject({
      user: z.literal("default").describe("For a client that can send a password only; a policy has to allow it"),
    }),
  ])
  .describe("Its user in Redis, which may use all keys and channels unless limited here");

declare module "../config/keys/base.ts" {
  interface ServiceKeys {
    redis: RedisConfig;
  }
  interface KeysForApps {
    redis?: z.infer<typeof redisForApps> | undefined;
  }
}

/** Room that Redis needs beside its data for clients and for rewriting its files, MiB. */
const roomMiB = 64;

/** The container's own limit, where the user sets one, has to leave that room. */
export const checkMemory: ConfigCheck = (values, context) => {
  const data = (values?.redis as Unchecked)?.maxMemoryMiB;
  const limit = ((values?.resources as Unchecked)?.redis as Unchecked)?.memoryMiB;
  if (typeof data !== "number" || typeof limit !== "number" || limit >= data + roomMiB) return;
  context.addIssue({
    code: "custom",
    path: ["resources", "redis", "memoryMiB"],
    message: `too little for redis.maxMemoryMiB, which is ${data}: allow ${data + roomMiB} or more, or lower redis.maxMemoryMiB`,
  });
};
