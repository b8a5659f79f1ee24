import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { withReserve } from "../../../ops/pulumi/reserve.ts";

let folder: string;
beforeEach(() => {
  vi.stubEnv("PULUMI_BACKEND_URL", undefined);
  vi.spyOn(console, "error").mockImplementation(() => {});
  folder = mkdtempSync(join(tmpdir(), "xnai-reserve-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

it("is held while the work is done, and nothing is left of it", async () => {
  const file = join(folder, "reserve");
  const size = await withReserve(
    async () => statSync(file).blocks * 512,
    folder,
    () => 1e9,
  );
  expect(size).toBeGreaterThanOrEqual(8 * 2 ** 20);
  await expect(withReserve(() => Promise.reject(new Error("no")), folder)).rejects.toThrow("no");
  expect(readdirSync(folder)).toEqual([]);
});

it("is given back on a disk that fills up, within the time in which Pulumi tries again", async () => {
  let free = 3 * 2 ** 20;
  await withReserve(
    async () => {
      await sleep(500);
      expect(existsSync(join(folder, "reserve"))).toBe(true);
      free = 2 ** 20;
      await vi.waitFor(() => expect(existsSync(join(folder, "reserve"))).toBe(false), 5000);
    },
    folder,
    () => free,
  );
  expect(vi.mocked(console.error).mock.calls.flat().join()).toMatch(/the disk of .* is full/);
});

it("is nothing that another backend needs", async () => {
  vi.stubEnv("PULUMI_BACKEND_URL", "s3://bucket");
  await withReserve(async () => expect(readdirSync(folder)).toEqual([]), folder);
});
