import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { obstacleOf, type RunOptions, runSteps, works } from "../../../ops/smoke/run.ts";
import { type Bus, expectThat, NotRun, type Step, until } from "../../../ops/smoke/step.ts";
import { Stopped } from "../../../ops/stoppable.ts";

const step = (title: string, run: Step["run"]): Step => ({ service: "redis", title, doors: ["redis.port"], run });
const nothing = async () => undefined;

function options(more: Partial<RunOptions> = {}): RunOptions & { log: string[] } {
  const log: string[] = [];
  return {
    log,
    obstacle: () => undefined,
    bus: { isStandIn: () => false } as unknown as Bus,
    stop: new AbortController().signal,
    onStep: (title, result) => log.push(result ? `${title}: ${result.outcome}` : title),
    redact: (text) => text.replaceAll("hunter2", "***"),
    ...more,
  };
}

describe("steps", () => {
  it("run one after the other, and one that fails keeps no other from being run", async () => {
    const order: string[] = [];
    const one = (title: string, fails = false) =>
      step(title, async () => {
        order.push(title);
        expectThat(!fails, "it is wrong");
        return undefined;
      });
    const given = options();
    const results = await runSteps([one("a"), one("b", true), one("c")], given);
    expect(order).toEqual(["a", "b", "c"]);
    expect(results.map(({ step, outcome, said }) => [step, outcome, said])).toEqual([
      ["redis: a", "passed", undefined],
      ["redis: b", "failed", "it is wrong"],
      ["redis: c", "passed", undefined],
    ]);
    expect(given.log.slice(0, 3)).toEqual(["redis: a", "redis: a: passed", "redis: b"]);
    expect(works(results)).toBe(false);
  });

  it("that do not apply are not run, and are not counted as passed", async () => {
    const obstacle = ({ title }: Step) => (title === "off" ? { outcome: "not run" as const, said: "off" } : undefined);
    const results = await runSteps(
      [step("off", () => Promise.reject(new Error("run"))), step("none", () => Promise.reject(new NotRun("no")))],
      options({ obstacle }),
    );
    expect(results.map(({ outcome, said }) => [outcome, said])).toEqual([
      ["not run", "off"],
      ["not run", "no"],
    ]);
    expect(works(results), "nothing was shown to work").toBe(false);
    expect(works([...results, { ...results[0], outcome: "passed" } as never])).toBe(true);
    expect(works([...results, { ...results[0], outcome: "unreachable" } as never])).toBe(false);
  });

  it("say which services were stand-ins, take secrets out of errors, and add what is known of the service", async () => {
    const bus = { isStandIn: (name: string) => name === "redis" } as unknown as Bus;
    const failing = step("a", () => Promise.reject(new Error("AUTH hunter2 failed")));
    const hint = (services: string[]) => `${services} is exited`;
    expect(await runSteps([failing], options({ bus, hint }))).toMatchObject([
      { standIns: ["redis"], said: "AUTH *** failed (redis is exited)" },
    ]);
  });
});

describe("what a step makes", () => {
  it.each([
    ["passes", undefined],
    ["fails", new Error("wrong")],
    ["is stopped", new Stopped()],
  ])("is taken away when it %s, last one first", async (_, error) => {
    const order: string[] = [];
    const making = step("a", async ({ undo }) => {
      undo("first", async () => order.push("first"));
      undo("second", async () => order.push("second"));
      if (error) throw error;
      return undefined;
    });
    const [result] = await runSteps([making], options());
    expect(order).toEqual(["second", "first"]);
    expect(result?.outcome).toBe(error ? (error instanceof Stopped ? "stopped" : "failed") : "passed");
  });

  it("is taken away as far as that goes, and what is left is a failure with its name and reason", async () => {
    const order: string[] = [];
    const making = step("a", async ({ undo }) => {
      undo("first", async () => order.push("first"));
      undo("second", () => Promise.reject(new Error("gone away")));
      return undefined;
    });
    const [result] = await runSteps([making], options());
    expect(order).toEqual(["first"]);
    expect(result).toMatchObject({ outcome: "failed", said: expect.stringContaining("second (gone away)") });
  });
});

it("Ctrl-C ends the step at hand, takes away what it made, and lets no other begin", async () => {
  const stopping = new AbortController();
  const order: string[] = [];
  const waiting = step("waits", async (bus) => {
    bus.undo("it", async () => order.push("taken away"));
    setTimeout(() => stopping.abort(new Stopped()), 10);
    await until(bus, "there", 60, nothing, () => false);
    return undefined;
  });
  const results = await runSteps([waiting, step("next", nothing)], options({ stop: stopping.signal }));
  expect(order).toEqual(["taken away"]);
  expect(results.map(({ step, outcome }) => [step, outcome])).toEqual([
    ["redis: waits", "stopped"],
    ["redis: next", "stopped"],
  ]);
  expect(works([{ ...results[0], outcome: "passed" } as never, ...results])).toBe(false);
});

describe("what the configuration keeps from being run", () => {
  const flow: Step = { ...step("flow", nothing), service: "bus", needs: ["consul", "redis"] };
  const on = parseConfig({});
  const without = (...names: string[]) =>
    parseConfig({ services: Object.fromEntries(names.map((name) => [name, false])) });

  it("nothing, when all is on and published", () => {
    expect(obstacleOf(on, () => true, flow)).toBeUndefined();
  });

  it("a service that is off: not run", () => {
    expect(obstacleOf(without("consul"), () => true, flow)).toEqual({
      outcome: "not run",
      said: "consul is switched off (services)",
    });
  });

  it("a service that publishes nothing: unreachable, with what to do", () => {
    expect(obstacleOf(on, () => false, flow)).toEqual({
      outcome: "unreachable",
      said: "redis publishes no port on this machine: set xnai:exposure.redis to an address and port, and run npm run up",
    });
  });
});
