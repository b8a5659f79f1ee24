// Health checks as the engine stores them. Pure.
import type * as docker from "@pulumi/docker";
import type { Health } from "../definition/container.ts";

/** Seconds in the form in which Go prints a duration; any other form shows as a change on the next `up`. */
export function goDuration(seconds: number): string {
  if (seconds > 0 && seconds < 1) return `${seconds * 1000}ms`;
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (hours > 0) return `${hours}h${minutes}m${rest}s`;
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
}

/** A check is a process that the engine starts: once a second for six services takes a third of a core, idle, for ever. */
const intervalSeconds = 30;
/** With the interval and the longest time-out, a service that stops answering is shown as unhealthy within 90 s. */
const retries = 2;
/** In which a failed check does not count. */
const startPeriodSeconds = 30;

/** All fields set: what is left out is filled in from the image by some engines and reads back as a change. */
export function healthcheck({ test, timeoutSeconds = 5 }: Health): docker.types.input.ContainerHealthcheck {
  return {
    tests: ["CMD", ...test],
    interval: goDuration(intervalSeconds),
    timeout: goDuration(timeoutSeconds),
    startPeriod: goDuration(startPeriodSeconds),
    retries,
  };
}
