import { afterEach, beforeAll, expect, it } from "vitest";
import { backupFile, bakFile, checkpoint, checkpointResource, historyFile } from "../../../support/checkpoints.ts";
import { Clone } from "../../../support/clone.ts";

const clone = new Clone();
let backups: typeof import("../../../../ops/pulumi/checkpoints/backups.ts");
beforeAll(async () => {
  backups = await clone.load<typeof backups>("ops/pulumi/checkpoints/backups.ts");
});
afterEach(() => clone.reset("dev"));

const at = (second: number) => ({ time: `2026-11-27T12:00:0${second}Z` });
const found = () => backups.wholeCopies("dev").map(({ file }) => file.slice(clone.folder.length + 1));

it("are those that are whole, the newest first, wherever they are", () => {
  clone.write(bakFile, checkpoint(at(2)));
  clone.write(backupFile, checkpoint(at(1)));
  clone.write(historyFile, checkpoint(at(3)));
  clone.write(historyFile.replace("checkpoint", "history"), "{}");
  expect(found()).toEqual([historyFile, bakFile, backupFile]);
  clone.write(historyFile, checkpoint(at(3)).slice(0, 100));
  expect(found()).toEqual([bakFile, backupFile]);
});

it("are none where nothing was ever updated", () => {
  expect(found()).toEqual([]);
  clone.write(bakFile, checkpoint({ resources: [] }));
  expect(found()).toEqual([]);
});

it("of the time before a bare destroy are not the ones that it left half-way", () => {
  clone.write(historyFile, checkpoint({ ...at(1), resources: [checkpointResource("password")] }));
  clone.write(bakFile, checkpoint(at(2)));
  clone.write(backupFile, checkpoint({ ...at(3), resources: [] }));
  expect(backups.lastWithResources("dev")?.file).toBe(clone.path(historyFile));
});

it("says which one, of when, with how much", () => {
  clone.write(bakFile, checkpoint());
  const [copy] = backups.wholeCopies("dev");
  expect(copy && backups.describe(copy)).toMatch(/dev\.json\.bak: of 2026-11-27 \d\d:00:00, with 2 resources$/);
});
