// A review says of an edit what Pulumi does with it: the same table as on a real engine (test/e2e/long/edits.test.ts).
import { beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../../../components/config/parse.ts";
import { comparedChanges } from "../../../../ops/audit/review/changes.ts";
import { followersIn } from "../../../../ops/audit/review/follow-ups.ts";
import type { Plan } from "../../../../ops/audit/review/plan.ts";
import { edits, original } from "../../../support/edits.ts";
import { planned } from "./pull-request.ts";

const ops = { updated: "update", replaced: "replace", removed: "delete", added: "create" };

describe("a review of an edit of", { timeout: 60_000 }, () => {
  let before: Plan;
  beforeAll(async () => {
    before = await planned(original);
  }, 60_000);

  it.each(edits)("%s", async (_, edit, expected) => {
    const config = { ...original, ...edit };
    const after = await planned(config);
    const { changes } = comparedChanges(before.resources, after.resources, followersIn(parseConfig(config)));
    const found = changes.map(({ before, after, fate }) => {
      const { type = "", name = "" } = after ?? before ?? {};
      const kind = type.split(":").at(-1);
      return `${ops[fate]} ${kind === "Container" || kind === "RandomUuid" ? name : `${kind} ${name}`}`;
    });
    expect([...new Set(found)].toSorted()).toEqual([...new Set(expected)].toSorted());
  });
});
