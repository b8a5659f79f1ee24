// Limits of memory on a machine that has no way to hold them.
import type { StackConfig } from "../../components/config/keys/base.ts";
import { say } from "../../lib/progress.ts";
import { configFile, writeConfig } from "../config-file.ts";
import { project } from "../paths.ts";
import type { Engine } from "./connect.ts";

/**
 * Warns where no limit of memory holds, and writes `memoryLimits: false` into the configuration: the engine reads the limits
 * back as none, so that every update would set them again. Never taken back by itself.
 */
export function decideMemoryLimits({ limitsMemory }: Engine, stack: string, config: StackConfig): StackConfig {
  if (limitsMemory) {
    if (!config.memoryLimits)
      say(`this machine can limit memory now: remove memoryLimits: false from ${configFile(stack)}`);
    return config;
  }
  say(
    "this machine gives the engine no control over memory (no cgroup controller), so that none of the memory limits holds: on a Raspberry Pi add cgroup_enable=memory to cmdline.txt, on a rootless engine delegate the controllers",
  );
  if (!config.memoryLimits) return config;
  writeConfig(stack, [`${project}:memoryLimits`], false);
  return { ...config, memoryLimits: false };
}
