// A connection to Redis as clients of the bus have one. ioredis is what BullMQ uses, and small beside node-redis.
import type { Redis } from "ioredis";
import { exitCode, XnaiError } from "../../lib/errors.ts";

/** How long Redis may take, milliseconds: longer than what blocks. */
const answersWithinMs = 15_000;

/**
 * Connects as the user `default`; the connection is not made anew when it breaks.
 * @throws XnaiError (failed) when Redis refuses, or does not answer
 */
export async function connectRedis(at: { host: string; port: number }, password: string): Promise<Redis> {
  const { Redis: Client } = await import("ioredis");
  const redis = new Client({
    ...at,
    password,
    lazyConnect: true,
    connectTimeout: 5000,
    commandTimeout: answersWithinMs,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  // The error of the server itself; that of `connect` only says that the connection was closed.
  let said: Error | undefined;
  redis.on("error", (error) => {
    said = error;
  });
  try {
    await redis.connect();
    await redis.ping();
    return redis;
  } catch (error) {
    redis.disconnect();
    const { message, code } = (said ?? error) as NodeJS.ErrnoException;
    throw new XnaiError(
      exitCode.failed,
      `Redis does not let anybody in at ${at.host}:${at.port} (${message || code})`,
      "See how it is: npm run status",
    );
  }
}
