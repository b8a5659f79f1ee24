import { expect, it } from "vitest";
import { isLeftover, newName } from "../../../ops/smoke/names.ts";
import { redactor } from "../../../ops/smoke/redact.ts";

const minutes = 60_000;

it("a run that was killed long ago has left what carries its name; one that may be at work has not", () => {
  const now = Date.now();
  const old = newName(now - 16 * minutes);
  expect(newName(now)).not.toBe(newName(now));
  for (const name of [old, `${old}-http`, `${old} list`]) expect(isLeftover(name, now), name).toBe(true);
  expect(isLeftover(newName(now - 14 * minutes), now)).toBe(false);
  for (const name of ["xnai-smoke-", "xnai-smoke-test", "my xnai-smoke", `a ${old}`, `${old}0`, `${old}z list`, "docs"])
    expect(isLeftover(name, now), name).toBe(false);
});

it("every secret among the outputs is taken out of a text, and nothing else", () => {
  const redact = redactor({
    redisPassword: "s1",
    qdrantKey: "s2",
    consulRegistrarToken: "s3",
    vikunjaUser: "xnai",
    port: 1,
  });
  expect(redact("s1 s2 s3 xnai s1")).toBe("*** *** *** xnai ***");
});
