import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ownerOf } from "../../../../components/config/keys/base.ts";
import { parseConfig } from "../../../../components/config/parse.ts";

it("takes a service's own owner, else the stack's", () => {
  const config = parseConfig({ owner: { uid: 1001, gid: 1001 }, owners: { qdrant: { uid: 5 } } });
  expect(ownerOf(config, "redis")).toEqual({ uid: 1001, gid: 1001 });
  expect(ownerOf(config, "qdrant")).toEqual({ uid: 5, gid: 1000 });
});

describe("prefixes", () => {
  it("keep the names of two stacks apart", () => {
    const prefix = fc.stringMatching(/^[a-z][a-z0-9-]{0,19}$/);
    fc.assert(
      fc.property(prefix, prefix, (one, other) => {
        fc.pre(one !== other);
        for (const name of [one, other]) expect(parseConfig({ prefix: name }).prefix).toBe(name);
        // Every name on the engine is `<prefix>_...`, and no prefix has an underscore.
        expect(`${one}_`.startsWith(`${other}_`)).toBe(false);
      }),
    );
  });
});
