import { describe, expect, it } from "vitest";
import { mount } from "../../../components/engine/storage.ts";
import { stackInDirectories, viewOf } from "../../support/whole-stacks.ts";

const other = await stackInDirectories();
const { inputs } = viewOf(other);

describe("mount", () => {
  it("is writable unless told otherwise, by volume or by directory", () => {
    const store = { title: "", resources: [] };
    expect(mount({ ...store, volumeName: "v" }, "/x")).toEqual({
      containerPath: "/x",
      readOnly: false,
      volumeName: "v",
    });
    expect(mount({ ...store, hostPath: "/h" }, "/x", true)).toMatchObject({
      containerPath: "/x",
      readOnly: true,
      hostPath: "/h",
    });
  });
});

describe("storage.root", () => {
  it("puts every part of the data below it, relabelled for containers", () => {
    for (const [name, part] of [
      ["postgres", "postgres/data"],
      ["vikunja", "vikunja/files"],
      ["qdrant", "qdrant/storage"],
      ["qdrant", "qdrant/snapshots"],
    ] as const)
      expect(inputs(name, other).volumes).toContainEqual(
        expect.objectContaining({ hostPath: `/srv/xnai/${part}`, selinuxRelabel: "z", readOnly: false }),
      );
  });
});
