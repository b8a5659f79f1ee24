// What the engine is goes into the configuration, so that every preview comes to the same plan, with an engine or without one.
import { isDeepStrictEqual } from "node:util";
import type { StackConfig } from "../../components/config/keys/base.ts";
import { type EngineTraits, enforces, engineName } from "../../lib/engine/traits.ts";
import { say } from "../../lib/progress.ts";
import { configFile, writeConfig } from "../config-file.ts";
import { project } from "../paths.ts";
import type { Engine } from "./connection/connect.ts";

const engineKey = `${project}:engine`;

type Limit = keyof EngineTraits["limits"];

const inWords: Record<Limit, string> = { memory: "memory", cpu: "processor time", pids: "the number of processes" };

const namesOf = (limits: Limit[]) => limits.map((limit) => inWords[limit]).join(", ");

/** What an engine is for a stack. */
interface Decided {
  engine: EngineTraits;
  /** What the user should know of it. */
  sentences: string[];
}

/**
 * What is written down of an engine, and what is said of limits that do not hold: an engine without the cgroup controller reads
 * them back as none, so that every update would set them again. A limit that holds after all is never taken back by itself. Pure.
 */
function decide(traits: EngineTraits, stack: string, written: EngineTraits): Decided {
  const all = Object.keys(inWords) as Limit[];
  const missing = all.filter((limit) => !enforces(traits, limit) && enforces(written, limit));
  const back = all.filter((limit) => traits.limits[limit] && !written.limits[limit]);
  const limits = Object.fromEntries(all.map((limit) => [limit, traits.limits[limit] && written.limits[limit]]));
  const sentences = [
    ...(back.length > 0
      ? [`limits of ${namesOf(back)} hold on this engine now: remove them from engine.limits in ${configFile(stack)}`]
      : []),
    ...(missing.length > 0
      ? [
          `this engine has no control over ${namesOf(missing)} (no cgroup controller), so that no such limit holds: on a Raspberry Pi add cgroup_enable=memory to cmdline.txt, on a rootless engine delegate the controllers (systemd: Delegate=cpu memory pids for user@.service)`,
        ]
      : []),
  ];
  return { engine: { ...traits, limits: limits as EngineTraits["limits"] }, sentences };
}

/** Says what the user should know of an engine. @returns what is to be written down of it; undefined where that stands there */
function changed(traits: EngineTraits, stack: string, { engine: written }: StackConfig): EngineTraits | undefined {
  const { engine, sentences } = decide(traits, stack, written);
  for (const sentence of sentences) say(sentence);
  return isDeepStrictEqual(engine, written) ? undefined : engine;
}

/** Writes `engine` into the configuration where it is another one than there, and says what follows. */
export function decideTraits({ traits }: Pick<Engine, "traits">, stack: string, config: StackConfig): StackConfig {
  const engine = changed(traits, stack, config);
  if (!engine) return config;
  writeConfig(stack, [engineKey], compact(engine));
  say(`engine: ${title(engine)} is written to ${configFile(stack)}`);
  return { ...config, engine };
}

/** What `decideTraits` would come to, written nowhere. @returns also what it would write, by its key */
export function foreseeTraits(
  { traits }: Pick<Engine, "traits">,
  stack: string,
  config: StackConfig,
): { config: StackConfig; values: Record<string, unknown> } {
  const engine = changed(traits, stack, config);
  if (!engine) return { config, values: {} };
  say(`engine: ${title(engine)}, which up would write to ${configFile(stack)}`);
  return { config: { ...config, engine }, values: { [engineKey]: compact(engine) } };
}

const title = (engine: EngineTraits) => `${engineName(engine)}${engine.rootless ? ", rootless" : ""}`;

/** Without what is as on every engine. */
function compact({ kind, rootless, limits, cgroups, networkOptions }: EngineTraits): object {
  const missing = Object.entries(limits).filter(([, holds]) => !holds);
  return {
    kind,
    rootless,
    ...(missing.length > 0 && { limits: Object.fromEntries(missing) }),
    ...(!cgroups && { cgroups }),
    ...(Object.keys(networkOptions).length > 0 && { networkOptions }),
  };
}
