import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { smokeJson, smokeText } from "../../../ops/smoke/report.ts";
import type { Result } from "../../../ops/smoke/run.ts";

const result = (step: string, more: Partial<Result> = {}): Result => ({
  step,
  service: "redis",
  outcome: "passed",
  seconds: 1.234,
  standIns: [],
  ...more,
});
const text = (...results: Result[]) => stripVTControlCharacters(smokeText(results));

it("is a table, why a step did not pass, and a sentence", () => {
  expect(
    text(
      result("redis: a"),
      result("qdrant: b", { standIns: ["qdrant"] }),
      result("consul: c", { outcome: "not run", said: "consul is switched off (services)" }),
      result("caddy: d", { outcome: "failed", said: "GET / is answered with 500" }),
    ),
  ).toBe(`STEP       OUTCOME  TIME
redis: a   passed   1.23 s
qdrant: b  passed   1.23 s  stand-in: qdrant
consul: c  not run  -
caddy: d   failed   1.23 s

consul: c: consul is switched off (services)
caddy: d: GET / is answered with 500

The agent bus does not work: 2 passed, 1 failed, 1 not run.
qdrant was a stand-in: what passed against it says nothing of the real software.`);
});

it("does not name stand-ins that nothing passed against", () => {
  expect(text(result("a"), result("b", { outcome: "not run", standIns: ["qdrant"], said: "x" }))).toMatch(
    /The agent bus works: 1 passed, 1 not run\.$/,
  );
});

it("is JSON for another program", () => {
  expect(JSON.parse(smokeJson("dev", [result("a")]))).toEqual({
    stack: "dev",
    works: true,
    steps: [{ step: "a", service: "redis", outcome: "passed", seconds: 1.234, standIns: [] }],
  });
});
