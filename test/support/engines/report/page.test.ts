// docs/engines.md: what a run on the engines gives, and that the committed page is what this code makes of the committed results.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type StepName, special, steps } from "../../../engines/steps.ts";
import { engines } from "../catalogue.ts";
import { enginesPage } from "./page.ts";
import { type EngineResult, nothingRun, resultsOf, type VitestReport } from "./results.ts";

const names = Object.keys(steps) as StepName[];
const [first, second] = engines as [(typeof engines)[0], (typeof engines)[0]];

const report = (status: (name: StepName) => string): VitestReport => ({
  testResults: [{ assertionResults: names.map((name) => ({ title: steps[name], status: status(name) })) }],
});

describe("what vitest reports", () => {
  it("counts as passed only where the test did", () => {
    const found = resultsOf(
      report((name) => (name === "up" ? "passed" : name === "quiet" ? "failed" : "skipped")),
      first,
    );
    expect(found).toMatchObject({ up: "passed", quiet: "failed", refresh: "failed" });
  });

  it("is a failure where it came to no test", () => {
    const found = Object.values(resultsOf({ testResults: [{ assertionResults: [] }] }, first));
    expect(found.filter((outcome) => typeof outcome === "string")).toEqual(
      names.filter((name) => special[name] === undefined).map(() => "failed"),
    );
  });

  it("is about what is tried on an engine", () => {
    const [up, reboot] = [first, { ...first, boots: true as const }].map((engine) => {
      const { up, reboot } = resultsOf(
        report(() => "passed"),
        engine,
      );
      return { up, reboot };
    });
    expect(up).toEqual({ up: "passed", reboot: { notRun: expect.any(String) } });
    expect(reboot).toEqual({ up: { notRun: expect.any(String) }, reboot: "passed" });
  });

  it("counts what is known to fail as such, if it failed as expected", () => {
    const engine = { ...first, doesNotHold: { egress: "a reason" } };
    expect(
      resultsOf(
        report(() => "passed"),
        engine,
      ),
    ).toMatchObject({ egress: { doesNotHold: "a reason" }, up: "passed" });
    expect(
      resultsOf(
        report(() => "failed"),
        engine,
      ),
    ).toMatchObject({ egress: "failed" });
  });
});

describe("the page", () => {
  const result = (name: string, outcomes: EngineResult["steps"]): EngineResult => ({
    name,
    version: "1.2.3",
    tried: "a day",
    steps: outcomes,
  });
  const passed = resultsOf(
    report(() => "passed"),
    { ...first, doesNotHold: {} },
  );
  const row = (page: string, name: StepName) =>
    page
      .split("\n")
      .find((each) => each.startsWith(`| ${steps[name]} |`))
      ?.split(" | ")
      .slice(1, 3);

  it("says yes, no or why not", () => {
    const tried = { ...passed, quiet: "failed", own: { doesNotHold: "so it is" } } as const;
    const page = enginesPage([result(first.name, tried), result(second.name, nothingRun("no root"))]);
    expect(row(page, "up")).toEqual(["yes", "not run (1)"]);
    expect(row(page, "quiet")).toEqual(["**no**", "not run (1)"]);
    expect(row(page, "own")).toEqual(["does not hold (4)", "not run (1)"]);
    expect(page).toContain(`\n1. no root\n2. this engine has not been tried\n3. ${special.app}\n4. so it is\n`);
  });

  it("says of an engine without results that it was not run", () => {
    expect(row(enginesPage([result(first.name, passed)]), "up")).toEqual(["yes", "not run (1)"]);
  });
});

describe("the committed page", () => {
  const committed = (file: string) => readFileSync(join(import.meta.dirname, "../../../../docs", file), "utf8");
  const results = JSON.parse(committed("engines.json")) as EngineResult[];

  it("is what these results give (npm run docs:engines)", () => {
    expect(committed("engines.md")).toBe(enginesPage(results));
  });

  it("is about the steps that there are", () => {
    for (const { name, steps: found } of results) expect(Object.keys(found), name).toEqual(names);
  });
});
