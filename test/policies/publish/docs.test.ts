import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { withGenerated } from "../../../policies/publish/docs.ts";

const text = readFileSync(new URL("../../../docs/policies.md", import.meta.url), "utf8");

it("docs/policies.md is what the code says (else run: node policies/publish/docs.ts)", () => {
  expect(withGenerated(text)).toBe(text);
});
