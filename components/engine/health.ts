// Health checks as the engine stores them. Pure.
import type * as docker from "@pulumi/docker";

export interface Health {
  /** Command inside the container, without a shell: `["redis-cli", "ping"]`; `["sh", "-c", "..."]` where one is needed. */
  test: string[];
  /** Seconds between checks; `up` waits for the first good one, so keep it short. @default 1 */
  intervalSeconds?: number;
  /** @default 5 */
  timeoutSeconds?: number;
  /** Seconds in which a failed check does not count. @default 30 */
  startPeriodSeconds?: number;
  /** Failed checks in a row until the container counts as unhealthy. @default 5 */
  retries?: number;
}

/** Seconds in the form in which Go prints a duration; any other form shows as a change on the next `up`. */
export function goDuration(seconds: number): string {
  if (seconds > 0 && seconds < 1) return `${seconds * 1000}ms`;
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (hours > 0) return `${hours}h${minutes}m${rest}s`;
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
}

/** All fields set: what is left out is filled in from the image by some engines and reads back as a change. */
export function healthcheck(health: Health): docker.types.input.ContainerHealthcheck {
  const { test, intervalSeconds = 1, timeoutSeconds = 5, startPeriodSeconds = 30, retries = 5 } = health;
  return {
    tests: ["CMD", ...test],
    interval: goDuration(intervalSeconds),
    timeout: goDuration(timeoutSeconds),
    startPeriod: goDuration(startPeriodSeconds),
    retries,
  };
}
