// The page about performance that a run of the bench gives, and what it says of goals that are missed.
import { describe, expect, it } from "vitest";
import { type Figures, joined, nothing } from "./figures.ts";
import { missed, performancePage } from "./page.ts";
import { slope } from "./sections.ts";

const figures: Figures = {
  ...nothing,
  measured: "2026-11-27, revision abc",
  machine: {
    cores: 2,
    memoryGiB: 8,
    node: "v24.0.0",
    pulumi: "v3.259.0",
    docker: "20.10.24",
    compose: "v2.40.3",
    standIns: ["qdrant"],
  },
  rounds: 3,
  compared: {
    upNothingToDo: { ours: [5, 6, 7], peer: [1, 1, 1] },
    down: { ours: [5, 5, 5], peer: [5, 5, 5] },
    redisRate: { ours: [9_000, 9_100, 9_200], peer: [9_100, 9_100, 9_100] },
  },
  growth: { 10: { without: [1], adds: [0.5] }, 50: { without: [2], adds: [0.9] } },
  apps: { 10: { preview: 5, up: 20, edit: 9, nothing: 8 }, 50: { preview: 7, up: 60, edit: 13, nothing: 10 } },
};

describe("the page of a run", () => {
  const page = performancePage(figures, { upNothingToDo: "Starting Node four times." });

  it("has a row for each comparison, in the order of the goals", () => {
    const [up, down, redis] = page.split("\n").filter((line) => /\| (yes|\*\*no\*\*) \|$/.test(line));
    expect(up).toBe(
      "| `xnai up`, nothing to do, policies on | 6.00 (5.00-7.00) s | `pulumi preview` of an empty program | 1.00 (1.00-1.00) s | 6.00 x (5.00-7.00) | at most 4 x | **no** |",
    );
    expect(down).toMatch(/1\.00 x \(1\.00-1\.00\) \| at most 1\.2 x \| yes/);
    expect(redis).toMatch(/9100 \(9000-9200\) \/s/);
  });

  it("says what the rest of the time is where a goal is missed, and only there", () => {
    expect(missed(figures)).toEqual(["upNothingToDo"]);
    expect(page).toContain("### `xnai up`, nothing to do, policies on\n\nStarting Node four times.\n");
    expect(performancePage(figures, {})).toContain("Not looked into yet.");
    const { upNothingToDo } = figures.compared;
    const both = { ...figures, compared: { upNothingToDo, changedRoute: upNothingToDo } };
    expect(performancePage(both, { upNothingToDo: "Twice.", changedRoute: "Twice." })).toContain(
      "### `xnai up`, nothing to do, policies on; `xnai up` after a changed route\n\nTwice.\n",
    );
    const { down } = figures.compared;
    expect(performancePage({ ...figures, compared: { down } }, {})).toContain("Every goal is met.");
  });

  it("says on what kind of machine, and what was not the real software", () => {
    expect(page).toContain("| cores | 2 |\n| memory | 8 GiB |");
    expect(page).toContain("| stand-ins | qdrant: not the real software |");
  });

  it("says which part of the run failed, and what is missing for that", () => {
    expect(page).not.toContain("ended well");
    const partly = performancePage({ ...figures, failed: ["compose"] }, {});
    expect(partly).toContain("**Not all of this run ended well** (compose). Not measured:\n\n");
    expect(partly).toContain("\n- `xnai up` after a changed route\n");
    expect(partly).not.toContain("- `xnai destroy`");
  });

  it("draws a line through growth", () => {
    expect(page).toContain("| for each container more | 25.0 ms | 10.0 ms |");
    expect(page).toContain("| for each app more | 50 ms | 1000 ms | 100 ms | 50 ms |");
    const points = [
      [0, 1],
      [100, 2],
      [200, 3],
    ] as const;
    expect(slope(points)).toBeCloseTo(10);
  });
});

describe("what two parts have found", () => {
  it("is joined, goal by goal", () => {
    const status = { ours: [1], peer: [1] };
    expect(joined({ compared: figures.compared, growth: {} }, { compared: { status }, failed: ["idle"] })).toEqual({
      compared: { ...figures.compared, status },
      growth: {},
      failed: ["idle"],
    });
  });
});
