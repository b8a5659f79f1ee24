import { describe, expect, it } from "vitest";
import { builtinProducts } from "../../../../policies/tables/telemetry/products.ts";

describe("the table of products", () => {
  it("has unique ids, and no image that two claim", () => {
    const ids = builtinProducts.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const images = builtinProducts.flatMap((each) => each.images);
    expect(new Set(images).size).toBe(images.length);
  });
  it("says where everything that it demands is documented", () => {
    for (const { id, require, deny, source } of builtinProducts)
      if (require.length + deny.length > 0) expect(source, id).toBeTruthy();
  });
});
