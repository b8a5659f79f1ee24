import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { isWhole, readCheckpoint } from "../../../../ops/pulumi/checkpoints/checkpoint.ts";
import { checkpoint, checkpointResource, salt, stackUrn } from "../../../support/checkpoints.ts";

const file = join(tmpdir(), `xnai-checkpoint-${process.pid}.json`);
afterEach(() => rmSync(file, { force: true }));

function read(text?: string) {
  if (text !== undefined) writeFileSync(file, text);
  return readCheckpoint(file, "dev");
}
const whole = checkpoint();
function edited(from: string, to: string): string {
  expect(whole).toContain(from);
  return whole.replace(from, to);
}

it("is whole as Pulumi writes it, and says what it holds", () => {
  expect(read(whole)).toMatchObject({ file, resources: 2, time: Date.parse("2026-11-27T12:00:00Z"), salt });
  expect(read(JSON.stringify(JSON.parse(whole), null, 4)), "written more readably").toMatchObject({ resources: 2 });
});

it("is whole in a stack that has just been made, and after everything was destroyed", () => {
  expect(read('{"version":0,"checkpoint":{"stack":"organization/xnai/dev"}}')).toMatchObject({ resources: 0, time: 0 });
  expect(read(checkpoint({ resources: [] }))).toMatchObject({ resources: 0, salt });
});

it("may have lost the provider of what is about to be replaced, as Pulumi allows", () => {
  const resources = [checkpointResource("one", { provider: "urn:gone::id", pendingReplacement: true })];
  expect(isWhole(read(checkpoint({ resources })))).toBe(true);
});

it.each([
  ["missing", undefined, "does not exist"],
  ["empty", "", "is empty"],
  ["blank", "\n  \n", "is empty"],
  ["cut", whole.slice(0, -40), `is cut off or overwritten (no JSON, ${whole.length - 40} bytes)`],
  ["zeroed by a crash", "\0".repeat(300), "is cut off or overwritten (no JSON, 300 bytes)"],
  ["something else", '{"a":1}', "is not a state of Pulumi"],
  ["a list", "[]", "is not a state of Pulumi"],
  ["of another stack", checkpoint({ stack: "prod" }), "is the state of organization/xnai/prod"],
  ["with another checksum", edited('"v3.259.0"', '"v3.200.0"'), "was changed by hand: its checksum does not fit"],
  ["without a parent", edited(`{"urn":"${stackUrn}","type":"pulumi:pulumi:Stack"},`, ""), "was changed by hand: "],
  [
    "without a name",
    edited('"urn":"urn:pulumi:dev::xnai::t::one",', ""),
    "was changed by hand: a resource has no name",
  ],
])("of a file that is %s says so", (_, text, fault) => {
  expect(read(text)).toContain(fault);
});
