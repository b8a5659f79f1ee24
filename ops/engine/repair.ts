// What `up --repair` does to data before the service's owner gets it again: the repair that its definition knows, while it is
// stopped. Pulumi starts it anew afterwards in any case.
import type Docker from "dockerode";
import type { StackConfig } from "../../components/config/keys/base.ts";
import { containerName } from "../../components/definition/names.ts";
import { ignore } from "../../components/engine/api/ignore.ts";
import { dataPlaces } from "../../components/names.ts";
import { servicesOn } from "../../components/services.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { say } from "../../lib/progress.ts";
import { runAsRoot } from "./root-task.ts";

/**
 * Repairs data as far as it is known how.
 * @param which one service, or `true` for every one
 * @throws XnaiError (failed) with the repair's own words; the data is as it was then
 */
export async function repairData(
  docker: Docker,
  { stack, config }: { stack: string; config: StackConfig },
  which: string | true,
): Promise<void> {
  for (const service of servicesOn(config)) {
    const { name, repair } = service;
    if (!repair || (which !== true && which !== name)) continue;
    const container = docker.getContainer(containerName(config.prefix, service));
    // One that was never made has nothing to repair.
    if (!(await container.inspect().catch(ignore(404)))) continue;
    await container.stop().catch(ignore(304, 404));
    const task = { stack, config, name: `${name}_repair`, image: name, command: repair.command };
    try {
      const places = dataPlaces(config, [service]);
      for (const line of await runAsRoot(docker, { ...task, places, memoryMiB: repair.memoryMiB ?? 64 }))
        say(`${name}: ${line}`);
    } catch (error) {
      throw new XnaiError(
        exitCode.failed,
        `The data of ${name} cannot be repaired: ${(error as Error).message}`,
        `Restore it from a backup. ${name} is stopped; npm run up starts it as it is.`,
        { cause: error },
      );
    }
  }
}
