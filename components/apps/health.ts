// How an app is asked whether it is well. What its image may lack comes with the stack: a busybox in its configuration volume.
import type { Health } from "../definition/container.ts";
import { launcher } from "../definition/launcher.ts";
import type { AppHealth } from "./config.ts";

/** @param launched what a command needs in front of it to have the secrets of the environment, too */
export function healthTest(health: AppHealth, launched: readonly string[]): Health {
  if ("command" in health) return { test: [...launched, ...health.command] };
  if ("http" in health)
    return { test: [launcher, "wget", "-q", "-O", "/dev/null", `http://127.0.0.1:${health.port}${health.http}`] };
  // Connects, and ends as the program ends that then takes the connection over.
  return { test: [launcher, "nc", "127.0.0.1", `${health.tcp}`, "-e", launcher, "true"] };
}
