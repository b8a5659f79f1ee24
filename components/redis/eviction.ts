// Whether Redis has thrown keys away, which its health check does not see. Pure.
import type { RedisConfig } from "./config.ts";

/** @param stats what Redis answers to INFO stats: counted since it started */
export function evictionWarning(stats: string, { maxMemoryMiB, maxMemoryPolicy }: RedisConfig): string | undefined {
  const evicted = Number(/^evicted_keys:(\d+)/m.exec(stats)?.[1] ?? 0);
  if (evicted === 0) return undefined;
  const what = maxMemoryPolicy.startsWith("volatile") ? "those with a time to live" : "any, queues and streams too";
  return (
    `${evicted} keys were evicted since it started, because its data reached redis.maxMemoryMiB (${maxMemoryMiB}). ` +
    `redis.maxMemoryPolicy is ${maxMemoryPolicy}: of all keys, ${what}.\n` +
    "Raise redis.maxMemoryMiB; keep what may not be lost in a Redis of its own (xnai:apps: { queue: { preset: redis } }, docs/apps.md); or set redis.maxMemoryPolicy: noeviction, which refuses writes instead."
  );
}
