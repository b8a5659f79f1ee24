// What no container can be given on some engines: the rules that ask for it name it there, and say why, but break no run.
import { type EngineTraits, enforces, engineName } from "../../lib/engine/traits.ts";

/** Resolvers that ask nobody, by engine. Docker's own asks on loopback, Podman's may find the host's there. */
export const noResolver: Record<EngineTraits["kind"], string> = { docker: "127.0.0.1", podman: "255.255.255.255" };

/** What cannot hold there. */
interface Lacking {
  /** Properties of which the rule then only tells. */
  properties: readonly string[];
  /** Why, as it continues "..., because". */
  reason: string;
}

type Limit = keyof EngineTraits["limits"];

const withoutController = (limit: Limit, properties: string[]) => (engine: EngineTraits) =>
  enforces(engine, limit)
    ? undefined
    : {
        properties,
        reason: `this engine has no cgroup controller for it (rootless: delegate cpu, memory and pids to user@.service)`,
      };

const notReadBack = (properties: string[], otherwise: string) => (engine: EngineTraits) =>
  engine.kind === "podman"
    ? {
        properties,
        reason: `${engineName(engine)} does not tell Docker's clients what it was given here; ${otherwise}`,
      }
    : undefined;

/** Name of a rule -> what of it an engine lacks. */
const lacking: Record<string, (engine: EngineTraits) => Lacking | undefined> = {
  "memory-limited": withoutController("memory", ["memory", "memorySwap"]),
  "cpu-limited": withoutController("cpu", ["cpus"]),
  "pids-limited": withoutController("pids", ["pids"]),
  "logs-bounded": notReadBack(["logOpts"], "set log_size_max in containers.conf"),
  "ulimits-set": notReadBack(["ulimits"], "set default_ulimits in containers.conf"),
};

/** Why a property that a rule asks for cannot be had on this engine; undefined where it can. */
export function reasonNotToHold(rule: string, path: string, engine: EngineTraits): string | undefined {
  const found = lacking[rule]?.(engine);
  return found?.properties.includes(path) ? found.reason : undefined;
}
