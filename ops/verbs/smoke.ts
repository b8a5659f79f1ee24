// `xnai smoke`: whether the agent bus works, tried out from this machine as an agent would use it.
import type { Command } from "commander";
import { type ExitCode, exitCode, XnaiError } from "../../lib/errors.ts";
import { say } from "../../lib/progress.ts";
import { publishedAt } from "../clients/places.ts";
import { stackConfig } from "../config-file.ts";
import { findEngine } from "../engine/connection/find.ts";
import { homeOf } from "../engine/connection/home.ts";
import { reachedFromHere } from "../engine/remote/from-here.ts";
import { type ServiceStatus, stackStatus } from "../engine/status/index.ts";
import { commandFor, defaultStack } from "../paths.ts";
import { stackOutputs } from "../pulumi/outputs.ts";
import { localState } from "../pulumi/state.ts";
import { openBus } from "../smoke/bus.ts";
import { removeLeftovers } from "../smoke/leftovers.ts";
import { redactor } from "../smoke/redact.ts";
import { smokeJson, smokeText } from "../smoke/report.ts";
import { type Obstacle, obstacleOf, type Result, runSteps, works } from "../smoke/run.ts";
import type { Door, Step } from "../smoke/step.ts";
import { restartStep, stepsOf } from "../smoke/steps/index.ts";
import { stoppable } from "../stoppable.ts";

interface Options {
  stack: string;
  json?: boolean;
  restart?: boolean;
  tokenFile?: string;
}

async function smoke({ stack, json = false, restart = false, tokenFile }: Options): Promise<ExitCode> {
  const config = stackConfig(stack);
  const { docker, ssh } = await findEngine({ home: homeOf(config, localState(stack)) });
  const [outputs, statuses] = await Promise.all([stackOutputs(stack), stackStatus(docker, config)]);
  if (Object.keys(outputs).length === 0)
    throw new XnaiError(exitCode.failed, `Stack ${stack} is not up.`, `Bring it up first: ${commandFor(stack, "up")}`);
  const elsewhere = reachedFromHere(ssh, config);
  if (elsewhere !== undefined) say(elsewhere);
  const published = (door: Door) => publishedAt(config, ...(door.split(".") as [string, string])) !== undefined;
  const obstacle = (step: Step): Obstacle | undefined =>
    step === restartStep && !restart
      ? { outcome: "not run", said: "only with --restart, which ends everybody's connection to Redis" }
      : obstacleOf(config, published, step);
  const { results, stopped } = await stoppable(async (stop) => {
    const { bus, close } = await openBus({ stack, config, docker, outputs, statuses, tokenFile });
    try {
      const steps = stepsOf(config);
      await removeLeftovers(
        steps.filter((step) => !obstacle(step)),
        bus,
      );
      const results = await runSteps(steps, {
        obstacle,
        bus,
        stop,
        onStep: teller(),
        redact: redactor(outputs),
        hint: (services) => hintOf(statuses, services),
      });
      return { results, stopped: stop.aborted };
    } finally {
      await close();
    }
  });
  console.log(json ? smokeJson(stack, results) : smokeText(results));
  if (stopped)
    throw new XnaiError(exitCode.failed, "Stopped before every step was run.", "What was made has been removed.");
  return works(results) ? exitCode.done : exitCode.failed;
}

/** Milliseconds after which it is said which step is at work. */
const slowAfterMs = 2000;

/** Says what became of each step, and of a slow one that it is at work. */
function teller(): (title: string, result?: Result) => void {
  let waiting: NodeJS.Timeout | undefined;
  return (title, result) => {
    clearTimeout(waiting);
    if (result) say(`${title}: ${result.outcome}`);
    else waiting = setTimeout(() => say(`${title} ...`), slowAfterMs);
  };
}

/** What `status` says of services that are not well. */
function hintOf(statuses: readonly ServiceStatus[], services: string[]): string | undefined {
  const unwell = statuses.filter(({ service, ok }) => services.includes(service) && !ok);
  const words = unwell.map(
    ({ service, state, health, reason }) =>
      `${service} is ${health === "-" ? state : health}${reason ? `: ${reason}` : ""}`,
  );
  return words.length > 0 ? words.join("; ") : undefined;
}

const what = `
Everything that it makes carries a name of its own, xnai-smoke-..., and is removed again, also after Ctrl-C. What uses the stack
meanwhile is not disturbed, but with --restart.

Exit 0 only if every step passed. Steps of a service that is switched off are not run, and said to be so.`;

/** Adds the verb to the command. */
export function register(program: Command): void {
  program
    .command("smoke")
    .description("try out whether the agent bus works, step by step; exit 0 only if every step passes")
    .option("--json", "as JSON")
    .option("--restart", "also restart Redis, and see whether agent state is still there")
    .option("--token-file <file>", "a file with an API token of Vikunja, if the first user has chosen another password")
    .option("--stack <name>", "the stack to try out", defaultStack())
    .addHelpText("after", what)
    .action(async (options: Options) => {
      process.exitCode = await smoke(options);
    });
}
