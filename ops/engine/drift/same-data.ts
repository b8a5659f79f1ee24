// A container that something else has made anew goes, and the stack's own takes its place. Where it was made without the
// stack's volumes, what it has written since is in itself, and would go with it.
import { exitCode, XnaiError } from "../../../lib/errors.ts";
import type { StackState } from "../../pulumi/state.ts";
import type { Difference } from "./compare.ts";
import type { EngineView } from "./view.ts";

/**
 * Makes sure that what stands in the place of the stack's own keeps its data where that does. Pure.
 * @throws XnaiError (machine) that names what it was made without; nothing has been changed by then
 */
export function checkSameData(found: readonly Difference[], state: StackState, { containers }: EngineView): void {
  for (const { inTheWay, replace } of found) {
    const other = containers.find(({ Id }) => inTheWay?.kind === "container" && Id === inTheWay.id);
    const ours = state.resources.find(({ urn }) => urn === replace[0]);
    if (!other || !inTheWay) continue;
    const mounts = (ours?.inputs?.volumes ?? []) as { volumeName?: string; hostPath?: string }[];
    const mounted = new Set(other.Mounts.map(({ Name, Source }) => Name ?? Source));
    const missing = mounts.flatMap(({ volumeName, hostPath }) => volumeName || hostPath || []);
    const without = missing.filter((each) => !mounted.has(each));
    if (without.length === 0) continue;
    const { name } = inTheWay;
    throw new XnaiError(
      exitCode.machine,
      `${name} was made anew by something else, and without ${without.join(", ")}: what it has written since is in itself.`,
      `Save that if you need it, then put the container aside and run the same command again: docker stop ${name} && docker rename ${name} ${name}_aside. Nothing was changed.`,
    );
  }
}
