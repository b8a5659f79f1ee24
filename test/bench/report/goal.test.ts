// What is said of figures, and when a goal counts as met.
import { describe, expect, it } from "vitest";
import { asGood, atMostSeconds, atMostTimes, lessThanMore, noGoal, spread } from "./goal.ts";

describe("spread", () => {
  it("is the median with the least and the most", () => expect(spread([3, 1, 2])).toBe("2.00 (1.00-3.00)"));
  it("is the figure where there is one", () => expect(spread([7], 0)).toBe("7"));
});

describe("a goal", () => {
  it("of so many times the peer compares medians", () => {
    const figures = { ours: [4, 5, 40], peer: [1, 2, 3] };
    expect(atMostTimes(2.5).met(figures)).toBe(true);
    expect(atMostTimes(2.4).met(figures)).toBe(false);
    expect(atMostTimes(2.5).result(figures)).toBe("2.50 x (2.50-13.33)");
  });

  it("is not met by a peer that took nothing, or less", () => {
    const figures = { ours: [3, 4, 5], peer: [-1, -0.2, 4] };
    expect(atMostTimes(1.1).met(figures)).toBe(false);
    expect(atMostTimes(1.1).result(figures)).toBe("no ratio: the other is lost in the spread");
  });

  it("of less than so much more compares them, too", () => {
    const figures = { ours: [1.4, 1.5], peer: [1, 1] };
    expect(lessThanMore(0.5).met(figures)).toBe(false);
    expect(lessThanMore(0.6).met(figures)).toBe(true);
    expect(lessThanMore(0.6).result(figures)).toBe("0.50 (0.40-0.50) s more");
  });

  it("of seconds needs no peer", () => {
    expect(atMostSeconds(15).met({ ours: [15], peer: [] })).toBe(true);
    expect(atMostSeconds(15).met({ ours: [15.1], peer: [] })).toBe(false);
  });

  it("of being as good is met by a difference within the spread", () => {
    expect(asGood("more").met({ ours: [50, 70, 101], peer: [100, 100, 100] })).toBe(true);
    expect(asGood("more").met({ ours: [50, 70, 99], peer: [100, 100, 100] })).toBe(false);
    expect(asGood("more").met({ ours: [91, 92, 93], peer: [100, 100, 100] })).toBe(true);
  });

  it("of being as good knows that less time is better", () => {
    expect(asGood("less").met({ ours: [0.5], peer: [1] })).toBe(true);
    expect(asGood("less").met({ ours: [1.2], peer: [1] })).toBe(false);
    expect(asGood("less").result({ ours: [2], peer: [1] })).toBe("0.50 x as good");
  });

  it("may be none", () => {
    expect(noGoal.met({ ours: [2], peer: [1] })).toBeUndefined();
    expect(noGoal.result({ ours: [2], peer: [1] })).toBe("2.00 x");
  });
});
