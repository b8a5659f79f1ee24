// What an app that uses Qdrant changes in a stack: its own marker, and when Qdrant counts as ready; never Qdrant itself.
import { beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { label } from "../../../lib/labels.ts";
import { one, type Program } from "../../support/program.ts";
import { reference } from "../../support/reference.ts";
import { stackWithApps } from "../../support/whole-stacks.ts";

const image = "localhost/rag:latest";
const lock = {
  images: { [image]: { id: `sha256:${"0".repeat(64)}`, entrypoint: [], command: [], user: "", volumes: [] } },
};
const app = (more: object = {}) => ({ image, health: { tcp: 1 }, env: { KEY: reference("qdrant.key") }, ...more });

function stack(apps: Record<string, object>): Promise<Program> {
  const policy = { "own-credentials": { containers: ["xnai_wide", "xnai_reads"] } };
  return stackWithApps(parseConfig({ apps }, "here", lock), policy);
}
const keepers = (program: Program, name: string) =>
  one(program, "RandomUuid", name).inputs.keepers as Record<string, string>;

let [without, withApp]: Program[] = [];
beforeAll(async () => {
  without = await stack({});
  withApp = await stack({
    rag: app({ qdrant: { collections: { docs: { size: 8 } } } }),
    wide: app(),
    reads: app({ env: { KEY: { file: reference("qdrant.readOnlyKey") } } }),
    looks: app({ env: { URL: reference("qdrant.url") } }),
  });
}, 60_000);

describe("an app that uses Qdrant", () => {
  it("is given its collections and token for itself, and Qdrant is told who has one when it is ready", () => {
    expect(keepers(withApp as Program, "qdrant-for-rag")).toMatchObject({
      "value docs": '{"access":"write","size":8,"distance":"Cosine"}',
      "secret values": expect.stringContaining("qdrant-rag-token"),
    });
    expect(keepers(withApp as Program, "qdrant-ready")).toMatchObject({ "value tokens": "rag" });
    const markers = (withApp as Program).all.filter(({ name }) => name.startsWith("qdrant-for-"));
    expect(markers.map(({ name }) => name)).toEqual(["qdrant-for-rag"]);
  });

  it("changes nothing of Qdrant's container and files", () => {
    const of = (program: Program | undefined) => [
      one(program as Program, "Container", "qdrant").inputs,
      keepers(program as Program, "qdrant-prepare"),
    ];
    expect(of(withApp)).toEqual(of(without));
    expect(Object.keys(keepers(without as Program, "qdrant-ready")).toSorted()).toEqual([
      "containerName",
      "follows",
      "pids",
    ]);
  });

  it("has everybody's key if it names no collections and asks for one, which a policy has to allow", () => {
    const shared = (name: string) =>
      (one(withApp as Program, "Container", name).inputs.labels as { label: string; value: string }[]).filter(
        (each) => each.label === label.shared,
      );
    for (const name of ["wide", "reads"]) expect(shared(name)).toEqual([{ label: label.shared, value: "qdrant" }]);
    for (const name of ["rag", "looks"]) expect(shared(name)).toEqual([]);
  });
});
