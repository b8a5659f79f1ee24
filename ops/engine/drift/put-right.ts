// Acts on differences between state and engine: says them, refuses to go on over lost data, clears the way for Pulumi.
import type Docker from "dockerode";
import { exitCode, XnaiError } from "../../../lib/errors.ts";
import { say } from "../../../lib/progress.ts";
import { checkConfirmed } from "../../consent.ts";
import { containerIds } from "../../pulumi/resources.ts";
import type { StackState } from "../../pulumi/state.ts";
import { neighbours } from "../neighbours.ts";
import type { Difference } from "./compare.ts";
import type { EngineView } from "./view.ts";

/**
 * Makes sure that no data is missing which the user has not given up.
 * @param accepted names of services (`--accept-data-loss`)
 * @throws XnaiError (machine) that names what is missing and the ways on; nothing has been changed by then
 */
export function checkNoDataLost(found: readonly Difference[], accepted: readonly string[]): void {
  const lost = found.filter(({ lostData }) => lostData !== undefined && !accepted.includes(lostData));
  if (lost.length === 0) return;
  const services = [...new Set(lost.map(({ lostData }) => lostData as string))];
  throw new XnaiError(
    exitCode.machine,
    `Data that this stack had is not there any more:\n${lost.map(({ text }) => `  ${text}`).join("\n")}`,
    `Bring it back: mount the disk that it is on, or restore your backup of it under the same name; then run the same command again.\n` +
      `To go on without that data, and start empty: npm run up -- ${services.map((name) => `--accept-data-loss ${name}`).join(" ")}\n` +
      "Nothing was changed.",
  );
}

/**
 * Makes sure that nobody else's container is on a network that goes.
 * @throws XnaiError (machine) that names each; nothing has been changed by then
 */
export function checkNobodyElseOn(found: readonly Difference[], state: StackState, { containers }: EngineView): void {
  const networks = found.flatMap(({ inTheWay }) => (inTheWay?.kind === "network" ? [inTheWay.name] : []));
  const foreign = neighbours(containers, containerIds(withReplaced(state, found)), networks);
  if (foreign.length === 0) return;
  throw new XnaiError(
    exitCode.machine,
    `A network that up made was made anew by somebody else, and has to be made as up makes it; but containers that this stack did not make are on it:\n${foreign.map(({ text }) => text).join("\n")}`,
    `Take them off it: ${foreign.map(({ name, network }) => `docker network disconnect ${network} ${name}`).join("; ")}. Then run the same command again. Nothing was changed.`,
  );
}

/** Takes what stands in the way of the stack's own for the stack's own, so that its names and ports count as free. Pure. */
export function withReplaced(state: StackState, found: readonly Difference[]): StackState {
  const ids = new Map(found.flatMap(({ inTheWay, replace }) => (inTheWay ? [[replace[0], inTheWay.id] as const] : [])));
  return {
    ...state,
    resources: state.resources.map((each) => ({
      ...each,
      ...(ids.has(each.urn) && { id: ids.get(each.urn) as string }),
    })),
  };
}

/**
 * URNs of all that is made anew, each once. Pure.
 * @param refreshing whether Pulumi looks at the engine first: it takes no URN that it does not find there
 */
export function replaced(found: readonly Difference[], refreshing: boolean): string[] {
  const gone = new Set(refreshing ? found.map((each) => each.gone) : []);
  return [...new Set(found.flatMap(({ replace }) => replace))].filter((urn) => !gone.has(urn));
}

/**
 * Tells every difference, and asks before anything is removed for it. (What Pulumi does about the others, it asks itself.)
 * @param expectNone whether the user wants the run to end when there is something to do
 * @throws XnaiError (failed) when nothing may be changed; nothing has been by then
 */
export async function agreeTo(
  found: readonly Difference[],
  { yes, expectNone }: { yes: boolean; expectNone: boolean },
): Promise<void> {
  const lines = found.map(({ text }) => text);
  if (expectNone)
    throw new XnaiError(
      exitCode.failed,
      `What is on the engine is not what the last up made:\n${lines.map((line) => `  ${line}`).join("\n")}`,
      "Run again without --expect-no-changes to put it right. Nothing was changed.",
    );
  for (const line of lines) say(line);
  if (yes || !found.some(({ inTheWay, lostData }) => inTheWay || lostData)) return;
  await checkConfirmed("Put this right?");
}

/**
 * Does on the engine what Pulumi cannot, before it runs: what has the place of the stack's own goes, and volumes that are
 * gone are made again. Containers are stopped as gently as their own settings ask for.
 * @throws XnaiError (machine) when a network is in use by somebody else
 */
export async function clearTheWay(docker: Docker, found: readonly Difference[]): Promise<void> {
  for (const { inTheWay, volume } of found) {
    if (inTheWay?.kind === "container") {
      const container = docker.getContainer(inTheWay.id);
      await container.stop().catch(() => undefined);
      await container.remove({ force: true });
    }
    if (inTheWay?.kind === "network") await docker.getNetwork(inTheWay.id).remove();
    if (volume) await docker.createVolume({ Name: volume.name, Labels: volume.labels });
  }
}
