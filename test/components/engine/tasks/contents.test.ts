import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { knownValue } from "../../../../components/engine/api/known-value.ts";
import { contentKeepers } from "../../../../components/engine/tasks/contents.ts";

type Texts = Record<string, pulumi.Input<string>>;
const keepers = async (texts: Texts, key = "k", counted?: Texts) =>
  (await knownValue(
    pulumi.output(contentKeepers("file", { texts, hashKey: pulumi.secret(key), ...(counted && { counted }) })),
  )) as Record<string, string>;

it("plain files are remembered as they are, secret ones by a keyed hash", async () => {
  const made = await keepers({ "a.conf": "plain", key: pulumi.secret("hidden") });
  expect(Object.keys(made)).toEqual(["file a.conf", "secret files"]);
  expect(made["file a.conf"]).toBe("plain");
  expect(JSON.parse(made["secret files"] as string)).toEqual({ key: expect.stringMatching(/^[0-9a-f]{64}$/) });
});

it("a hash is another one for another content and for another key", async () => {
  const hash = async (text: string, key: string) => (await keepers({ x: pulumi.secret(text) }, key))["secret files"];
  expect(await hash("a", "k")).toBe(await hash("a", "k"));
  expect(new Set([await hash("a", "k"), await hash("b", "k"), await hash("a", "l")]).size).toBe(3);
});

it("the hashes are no secret themselves: a preview shows that they change", async () => {
  const made = contentKeepers("value", { texts: { x: pulumi.secret("a") }, hashKey: pulumi.secret("k") });
  expect(await (made["secret values"] as unknown as { isSecret: Promise<boolean> }).isSecret).toBe(false);
});

it("what is taken in without a restart does not count", async () => {
  expect(await keepers({ a: "1", b: "2" }, "k", { a: "part" })).toEqual({ "file a": "part" });
});
