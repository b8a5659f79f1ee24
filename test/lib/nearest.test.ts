import { describe, expect, it } from "vitest";
import { nearest } from "../../lib/nearest.ts";

describe("nearest", () => {
  it("finds a typo, in any case, and nothing that is merely the least far", () => {
    expect(nearest("stripprefix", ["path", "stripPrefix"])).toBe("stripPrefix");
    expect(nearest("prt", ["port", "address"])).toBe("port");
    expect(nearest("location", ["root", "port"])).toBeUndefined();
    expect(nearest("x", [])).toBeUndefined();
  });
});
