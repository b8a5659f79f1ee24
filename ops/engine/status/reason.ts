// Why a service is not well: in the engine's words (State.Error), the service's own (the last line of its log, what its check
// says), and in plain ones where the table of refusals or the service's definition knows them.
import type Docker from "dockerode";
import { damageIn } from "../../../components/definition/damage.ts";
import type { ServiceDefinition } from "../../../components/definition/service.ts";
import { lastLines } from "../../../components/engine/api/output.ts";
import { engineWords, refusalIn } from "../../../lib/engine/refusals.ts";

/**
 * One or two sentences; undefined when nobody says anything.
 * @param said what its check has just said, of a service that runs; undefined when it was not asked
 */
export async function reasonOf(
  docker: Docker,
  { damage }: Pick<ServiceDefinition, "damage">,
  info: Docker.ContainerInspectInfo,
  said: string | undefined,
): Promise<string | undefined> {
  const { Error: refused, OOMKilled, ExitCode, Paused, StartedAt } = info.State;
  if (refused) {
    const refusal = refusalIn(refused);
    return refusal ? `${refusal.what}. ${refusal.fix}` : `the engine says: ${engineWords(refused)}`;
  }
  if (Paused) return "somebody paused it; npm run up starts it again";
  const lines = await lastLines(docker.getContainer(info.Id), StartedAt).catch(() => []);
  const known = damageIn(lines, damage);
  if (known) return `${known.what}. ${known.fix}`;
  const last = lines.at(-1);
  const words = last === undefined ? [] : [`its last line: ${last}`];
  if (OOMKilled) return ["it needs more memory than its limit", ...words].join("; ");
  if (said !== undefined) return [`its check says: ${said || "nothing"}`, ...words].join("; ");
  return [`it ended with exit code ${ExitCode}`, ...words].join("; ");
}
