import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { table } from "../../lib/table.ts";

describe("table", () => {
  it("is as wide as it needs to be, colours not counted, without spaces at the end", () => {
    const rows = [
      ["a", "\u001b[32mgreen\u001b[39m", "x"],
      ["long one", "b", ""],
    ];
    expect(stripVTControlCharacters(table(["one", "two", "three"], rows)).split("\n")).toEqual([
      "ONE       TWO    THREE",
      "a         green  x",
      "long one  b",
    ]);
  });

  it("is its head when there is nothing in it", () => expect(table(["a", "b"], [])).toBe("A  B"));
});
