// Runs the steps one after the other, and takes away what each has made.
import type { StackConfig } from "../../components/config/keys/base.ts";
import { Stopped } from "../stoppable.ts";
import { type Bus, NotRun, type Step } from "./step.ts";

/**
 * `not run`: it does not apply (a service is off, nobody asked for it); `unreachable`: it applies, but this machine has no way to
 * the service; `stopped`: somebody has stopped the command before it was done.
 */
export type Outcome = "passed" | "failed" | "not run" | "unreachable" | "stopped";

/** What became of a step, as `smoke --json` prints it. */
export interface Result {
  /** `redis: agent state is saved, loaded and expires` */
  step: string;
  service: string;
  outcome: Outcome;
  seconds: number;
  /** Services that took part and are stand-ins, not the real software. */
  standIns: string[];
  /** Why it did not pass, or what is worth saying. */
  said?: string;
}

/** What keeps a step from being run at all. */
export interface Obstacle {
  outcome: "not run" | "unreachable" | "stopped";
  /** Why, in words. */
  said?: string;
}

export interface RunOptions {
  /** What keeps a step from being run; undefined for nothing. */
  obstacle: (step: Step) => Obstacle | undefined;
  /** Everything a step needs but the three below. */
  bus: Omit<Bus, "undo" | "check">;
  stop: AbortSignal;
  /** Told before the step, and after it. */
  onStep: (title: string, result?: Result) => void;
  /** Takes secrets out of what others have said. */
  redact: (text: string) => string;
  /** What else is known of a service that failed. @default nothing */
  hint?: (services: string[]) => string | undefined;
}

/** Whose work a step shows. */
export const servicesOf = ({ service, needs = [] }: Step): string[] => [...new Set([service, ...needs])];

export const titleOf = ({ service, title }: Step): string => `${service}: ${title}`;

/**
 * Runs all steps. One that fails keeps no other from being run; when somebody has stopped the command, no other begins.
 */
export async function runSteps(steps: readonly Step[], options: RunOptions): Promise<Result[]> {
  const results: Result[] = [];
  for (const step of steps) results.push(await runStep(step, options));
  return results;
}

async function runStep(step: Step, options: RunOptions): Promise<Result> {
  const title = titleOf(step);
  const obstacle: Obstacle | undefined = options.stop.aborted ? { outcome: "stopped" } : options.obstacle(step);
  const standIns = servicesOf(step).filter((service) => options.bus.isStandIn(service));
  const result = (outcome: Outcome, since: number, said?: string): Result => ({
    step: title,
    service: step.service,
    outcome,
    seconds: Math.round(performance.now() - since) / 1000,
    standIns,
    ...(said !== undefined && { said: options.redact(said) }),
  });
  options.onStep(title);
  const start = performance.now();
  const ended = obstacle
    ? result(obstacle.outcome, start, obstacle.said)
    : await attempt(step, options, (outcome, said) => result(outcome, start, said));
  options.onStep(title, ended);
  return ended;
}

type Making = (outcome: Outcome, said?: string) => Result;

async function attempt(step: Step, { bus, stop, hint }: RunOptions, result: Making): Promise<Result> {
  const undos: Parameters<Bus["undo"]>[] = [];
  const undo: Bus["undo"] = (what, work) => void undos.unshift([what, work]);
  let ended: Result;
  try {
    ended = result("passed", await step.run({ ...bus, undo, check: () => stop.throwIfAborted() }));
  } catch (error) {
    if (error instanceof NotRun) ended = result("not run", error.message);
    else if (error instanceof Stopped) ended = result("stopped");
    else ended = result("failed", withHint(wordsOf(error), hint?.(servicesOf(step))));
  }
  const left = await takeAway(undos, ended.said);
  if (left.length === 0) return ended;
  const said = ended.outcome === "failed" ? `${ended.said}; ` : "";
  return result("failed", `${said}may be left for now, until a later run removes it: ${left.join("; ")}`);
}

const withHint = (words: string, hint: string | undefined) => (hint === undefined ? words : `${words} (${hint})`);

/** @param known what need not be said again @returns what could not be taken away, with the reason */
async function takeAway(undos: Parameters<Bus["undo"]>[], known = ""): Promise<string[]> {
  const left: string[] = [];
  for (const [what, work] of undos) {
    try {
      await work();
    } catch (error) {
      const why = wordsOf(error);
      left.push(known.includes(why) ? what : `${what} (${why})`);
    }
  }
  return left;
}

/** An error of several tries to connect has no message of its own. */
export function wordsOf(error: unknown): string {
  const { message, code, errors } = error as Error & { code?: string; errors?: Error[] };
  return message || errors?.[0]?.message || code || String(error);
}

/** Whether the bus works, as far as it was looked at: something passed, and nothing that applies did not. */
export const works = (results: readonly Result[]): boolean =>
  results.some(({ outcome }) => outcome === "passed") &&
  results.every(({ outcome }) => outcome === "passed" || outcome === "not run");

/** What keeps a step from being run by the configuration: a service that is off, a port that is not published. Pure. */
export function obstacleOf(
  config: StackConfig,
  isPublished: (door: Step["doors"][number]) => boolean,
  step: Step,
): Obstacle | undefined {
  const off = servicesOf(step).filter((service) => config.services[service] === false);
  if (off.length > 0)
    return {
      outcome: "not run",
      said: `${off.join(" and ")} ${off.length === 1 ? "is" : "are"} switched off (services)`,
    };
  const closed = step.doors.filter((door) => !isPublished(door)).map((door) => door.replace(/\..*/, ""));
  if (closed.length === 0) return undefined;
  const names = [...new Set(closed)];
  return {
    outcome: "unreachable",
    said: `${names.join(" and ")} ${names.length === 1 ? "publishes" : "publish"} no port on this machine: set ${names.map((name) => `xnai:exposure.${name}`).join(" and ")} to an address and port, and run npm run up`,
  };
}
