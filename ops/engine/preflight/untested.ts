// Engines that the stack runs on as far as they are like one that is tested (docs/engines.md).
import { engineName } from "../../../lib/engine/traits.ts";
import type { Engine } from "../connection/connect.ts";

/** Podman's major version that is tested. */
const testedPodman = 5;

/** A sentence about an engine that no test has seen; undefined for any other. Pure. */
export function untested({ traits, version }: Pick<Engine, "traits" | "version">): string | undefined {
  if (traits.kind !== "podman" || Number.parseInt(version, 10) === testedPodman) return undefined;
  return `${engineName(traits)} ${version} is not tested with this stack, Podman ${testedPodman} is`;
}
