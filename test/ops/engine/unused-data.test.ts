// Data of an app that was removed: listed until somebody says that it may go.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { exitCode } from "../../../lib/errors.ts";
import { deleteUnused, unusedData, unusedInWords } from "../../../ops/engine/unused-data.ts";
import { FakeEngine } from "../../support/fake-engine.ts";

let engine: FakeEngine;
beforeAll(async () => {
  engine = await FakeEngine.start();
});
afterAll(() => engine.stop());

const volume = (name: string, service: string, role = "data", stack = "xnai") => ({
  name,
  labels: { "io.xnai.stack": stack, "io.xnai.service": service, "io.xnai.role": role },
});
beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  engine.volumes = [
    volume("xnai_redis_data", "redis"),
    volume("xnai_rag_library", "rag"),
    volume("xnai_old_b", "old"),
    volume("xnai_old_a", "old"),
    volume("xnai_old_config", "old", "config"),
    volume("other_old_a", "old", "data", "other"),
    { name: "mine" },
  ];
});
afterEach(() => {
  vi.restoreAllMocks();
  engine.clear();
});

const config = parseConfig({ apps: { rag: { image: "localhost/rag:latest", health: { tcp: 80 } } } });
const names = () => engine.volumes.map(({ name }) => name);

describe("unused data", () => {
  it("is what this stack's apps kept that are none any more", async () => {
    const unused = await unusedData(engine.docker, config);
    expect(unused).toEqual([
      { app: "old", volume: "xnai_old_a" },
      { app: "old", volume: "xnai_old_b" },
    ]);
    expect(unusedInWords(unused)).toEqual([
      expect.stringMatching(
        /^unused: data of old, .* in xnai_old_a, xnai_old_b\. .*npm run destroy -- --data old deletes it$/,
      ),
    ]);
  });

  it("goes when it is named, and nothing else does", async () => {
    await deleteUnused(engine.docker, config, "old", true);
    expect(names()).toEqual(["xnai_redis_data", "xnai_rag_library", "xnai_old_config", "other_old_a", "mine"]);
  });

  it.each([
    ["rag", "rag is part of the stack", "Remove xnai:apps.rag"],
    ["redis", "redis is part of the stack", "Nothing was changed."],
    ["olt", "There is no unused data of olt.", "is there of: old."],
  ])("is not that of %s", async (app, message, fix) => {
    const refused = {
      code: exitCode.usage,
      message: expect.stringContaining(message),
      fix: expect.stringContaining(fix),
    };
    await expect(deleteUnused(engine.docker, config, app, true)).rejects.toMatchObject(refused);
    expect(names()).toHaveLength(7);
  });

  it("does not go without a yes", async () => {
    await expect(deleteUnused(engine.docker, config, "old", false)).rejects.toMatchObject({ code: exitCode.usage });
    expect(names()).toHaveLength(7);
  });
});
