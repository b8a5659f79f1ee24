import { existsSync, mkdtempSync, statSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { composeGoVersion, ensureComposeLoader, inspectComposeLoader } from "../../../airgap/compose-loader/index.ts";
import { exitCode } from "../../../lib/errors.ts";

/** No program in it, but what Go itself has compiled before: by default that is below XDG_CACHE_HOME, too. */
const emptyCache = () => ({
  ...process.env,
  GOCACHE: process.env.GOCACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "go-build"),
  XDG_CACHE_HOME: mkdtempSync(join(tmpdir(), "xnai-cache-")),
});

it("is built once, however many ask for it at the same time, and found afterwards", async () => {
  const env = emptyCache();
  expect(inspectComposeLoader(env).complete).toBe(false);
  const said: string[] = [];
  const asked = [1, 2].map(() => ensureComposeLoader((text) => said.push(text), env));
  const [path = "", other] = await Promise.all(asked);
  expect(other).toBe(path);
  expect(statSync(path).mode & 0o111).not.toBe(0);
  expect(said.filter((text) => text.startsWith("building"))).toEqual([
    `building the reader of compose files (compose-go ${composeGoVersion()}): once, less than a minute`,
  ]);
  said.length = 0;
  expect(await ensureComposeLoader((text) => said.push(text), env)).toBe(path);
  expect(said).toEqual([]);
}, 120_000);

it("says what to write where building is switched off, and builds nothing", async () => {
  const env = { ...emptyCache(), XNAI_TOOLCHAIN: "official" };
  await expect(ensureComposeLoader(() => {}, env)).rejects.toMatchObject({
    code: exitCode.machine,
    fix: expect.stringContaining("env -u XNAI_TOOLCHAIN npm run policy -- --compose"),
  });
  expect(existsSync(inspectComposeLoader(env).path)).toBe(false);
});

it("says how to get Go where there is none", async () => {
  const env = { ...emptyCache(), PATH: "/nonexistent" };
  await expect(ensureComposeLoader(() => {}, env)).rejects.toMatchObject({
    code: exitCode.machine,
    fix: expect.stringContaining("Install Go"),
  });
});
