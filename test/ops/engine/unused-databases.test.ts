// Databases of apps that were removed: listed beside volumes, and gone only when their app is named.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { exitCode } from "../../../lib/errors.ts";
import { deleteUnused, unusedData, unusedInWords, volumesIn } from "../../../ops/engine/unused-data.ts";
import { unusedDatabases } from "../../../ops/engine/unused-databases.ts";
import { FakeEngine } from "../../support/fake-engine.ts";

let engine: FakeEngine;
beforeAll(async () => {
  engine = await FakeEngine.start();
});
afterAll(() => engine.stop());
afterEach(() => {
  vi.restoreAllMocks();
  engine.clear();
});

const config = parseConfig({
  apps: { rag: { image: "localhost/rag:latest", health: { tcp: 80 }, database: { name: "store" } } },
});

/** Postgres answers so, one after the other. */
function answers(...all: { code: number; output?: string }[]): void {
  vi.spyOn(console, "error").mockImplementation(() => {});
  engine.containers = [{ id: "1", name: "xnai_vikunja_db", answers: all }];
}
const list = { code: 0, output: "old\told_db\nrag\tstore\nrag\tstore_of_before\n" };

describe("unused databases", () => {
  it("are those that no app has now, of removed apps and of those that have another one", async () => {
    answers(list);
    engine.volumes = [
      {
        name: "xnai_old_a",
        labels: { "io.xnai.stack": "xnai", "io.xnai.service": "old", "io.xnai.role": "data" },
      },
    ];
    const unused = await unusedData(engine.docker, config);
    expect(unused).toEqual([
      { app: "old", volume: "xnai_old_a" },
      { app: "old", database: "old_db" },
      { app: "rag", database: "store_of_before" },
    ]);
    expect(volumesIn(unused)).toEqual(["xnai_old_a"]);
    expect(unusedInWords(unused)[0]).toContain(
      "in xnai_old_a, the database old_db. It is there when the app comes back",
    );
  });

  it("are not known of while Postgres is away or off", async () => {
    expect(await unusedDatabases(engine.docker, config)).toEqual([]);
    answers({ code: 2, output: "psql: error" });
    expect(await unusedDatabases(engine.docker, config)).toEqual([]);
    answers(list);
    const off = parseConfig({ services: { postgres: false, vikunja: false } });
    expect(await unusedDatabases(engine.docker, off)).toEqual([]);
  });

  it("go by the name of their app, and what is in use does not", async () => {
    answers(list, { code: 0 });
    await deleteUnused(engine.docker, config, "rag", true);
    expect(engine.commands).toBe(2);
    answers({ code: 0, output: "rag\tstore\n" });
    await expect(deleteUnused(engine.docker, config, "rag", true)).rejects.toMatchObject({ code: exitCode.usage });
  });

  it("that cannot be deleted are told of in the words of Postgres", async () => {
    answers(list, { code: 3, output: "psql:<stdin>:5: ERROR:  role cannot be dropped" });
    await expect(deleteUnused(engine.docker, config, "old", true)).rejects.toMatchObject({
      code: exitCode.failed,
      message: "The database old_db could not be deleted: role cannot be dropped.",
    });
  });
});
