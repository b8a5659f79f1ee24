// What is checked before `up` changes anything: that data stays where it is, that names and ports are free, and that the
// engine grants as many open files as the services ask for.
import { checkHostIsReached } from "../../../components/apps/machine/host.ts";
import type { StackConfig } from "../../../components/config/keys/base.ts";
import { exitCode, XnaiError } from "../../../lib/errors.ts";
import { say } from "../../../lib/progress.ts";
import type { StackState } from "../../pulumi/state.ts";
import type { Engine } from "../connection/connect.ts";
import { notCheckedFromHere } from "../remote/from-here.ts";
import { checkAddressPools, type Pool } from "./address-pools.ts";
import { missingAddresses } from "./addresses.ts";
import { checkAnswers } from "./answers.ts";
import { checkDataStays } from "./data-location.ts";
import { takenNames } from "./names.ts";
import { checkNofile, requestedNofile } from "./open-files.ts";
import { checkOpenToLink } from "./open-to-link.ts";
import { takenPorts } from "./ports.ts";
import { checkRoom } from "./room.ts";
import { checkNotSnap } from "./snap.ts";
import { untested } from "./untested.ts";

/** What `/info` says, as far as it is read here. */
interface EngineInfo {
  DockerRootDir?: string;
  /** Absent where nobody gave it others than its own. */
  DefaultAddressPools?: Pool[] | null;
}

/** @throws XnaiError (usage or machine) with what is in the way; nothing has been changed by then */
export async function preflight(engine: Engine, stack: string, config: StackConfig, state: StackState): Promise<void> {
  checkDataStays(config, state);
  for (const sentence of [untested(engine), notCheckedFromHere(engine, config)]) if (sentence) say(sentence);
  checkAnswers(config);
  checkHostIsReached(config);
  checkOpenToLink(engine, config);
  const { DockerRootDir, DefaultAddressPools } = (await engine.docker.info()) as EngineInfo;
  checkNotSnap(DockerRootDir);
  checkRoom(engine, config, DockerRootDir);
  await checkFree(engine, stack, config, state);
  await checkAddressPools(engine, config, DefaultAddressPools ?? undefined);
  checkNofile(engine, requestedNofile(config));
}

/**
 * Makes sure that the stack's names and ports are free, and its addresses this machine's.
 * @throws XnaiError (machine) that names every one which is not
 */
export async function checkFree(
  engine: Pick<Engine, "docker" | "local">,
  stack: string,
  config: StackConfig,
  state: StackState,
): Promise<void> {
  const { docker } = engine;
  const problems = [
    ...(await missingAddresses(engine, config)),
    ...(await takenNames(docker, stack, config, state)),
    ...(await takenPorts(engine, config, state)),
  ];
  if (problems.length > 0)
    throw new XnaiError(
      exitCode.machine,
      problems.join("\n"),
      "Nothing was changed. Run the same command again afterwards.",
    );
}
