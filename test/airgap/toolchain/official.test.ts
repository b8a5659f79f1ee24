import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { download } from "../../../airgap/toolchain/official.ts";
import { type Tool, tools } from "../../../airgap/toolchain/tools.ts";
import { type Releases, script, serveReleases } from "../../support/releases.ts";

const [cli, plugin] = tools as readonly [Tool, Tool];
const limits = { answerMs: 300, stallMs: 300 };
let releases: Releases;
let folder: string;

beforeEach(async () => {
  releases = await serveReleases();
  folder = mkdtempSync(join(tmpdir(), "xnai releases "));
});
afterEach(() => {
  vi.restoreAllMocks();
  releases.close();
  rmSync(folder, { recursive: true, force: true });
});

const get = (tool: Tool) => download(tool, folder, { base: releases.base, ...limits });

test("takes the executables out of a release, and nothing else", async () => {
  expect(await get(cli)).toBeUndefined();
  expect(readdirSync(folder).sort()).toEqual(["pulumi", "pulumi-language-nodejs"]);
  expect(readFileSync(join(folder, "pulumi"), "utf8")).toBe(script("pulumi"));
  expect(statSync(join(folder, "pulumi")).mode & 0o100).toBe(0o100);
});

test("takes a plugin, whose checksum is of another kind", async () => {
  expect(await get(plugin)).toBeUndefined();
  expect(readdirSync(folder)).toEqual(["pulumi-resource-docker"]);
});

test.each<[string, string, string, Parameters<Releases["instead"]>[1]]>([
  ["has another checksum", cli.official.archive, "checksum", (_, response) => response.end("something else")],
  ["is not there", cli.official.archive, "404", (_, response) => response.writeHead(404).end()],
  [
    "ends early",
    cli.official.archive,
    "terminated",
    (_, response, body) => {
      response.writeHead(200, { "content-length": body.length });
      response.write(body.subarray(0, 20), () => response.destroy());
    },
  ],
  ["stalls", cli.official.archive, "stopped sending", (_, response, body) => void response.write(body.subarray(0, 20))],
  ["has no checksums", cli.official.checksums, "404", (_, response) => response.writeHead(404).end()],
  [
    "has a checksum of other files only",
    cli.official.checksums,
    "no checksum of",
    (_, response) => response.end("<html>Log in!</html>"),
  ],
  ["does not answer", cli.official.checksums, "in time", () => {}],
])("says why a release cannot be used: it %s", async (_, file, why, answer) => {
  releases.instead(file, answer);
  const started = Date.now();
  expect(await get(cli)).toContain(why);
  expect(Date.now() - started).toBeLessThan(2_000);
  expect(readdirSync(folder)).toEqual([]);
});

test("does not wait for an answer longer than three seconds", async () => {
  releases.instead(cli.official.checksums, () => {});
  const { timeout } = AbortSignal;
  const asked = vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => timeout.call(AbortSignal, ms / 100));
  expect(await download(cli, folder, { base: releases.base })).toContain("in time");
  expect(asked.mock.calls).toEqual([[3_000]]);
});

test("a server that is not there is found out at once", async () => {
  releases.close();
  expect(await get(cli)).toContain("ECONNREFUSED");
});

test("an archive without the executable is of no use", async () => {
  const empty = gzipSync(Buffer.alloc(1024));
  releases.instead(cli.official.archive, (_, response) => response.end(empty));
  const sum = createHash("sha256").update(empty).digest("hex");
  releases.instead(cli.official.checksums, (_, response) => response.end(`${sum}  ${cli.official.archive}\n`));
  expect(await get(cli)).toContain("holds no pulumi, pulumi-language-nodejs");
});

test("an archive that is none is of no use", async () => {
  releases.instead(cli.official.archive, (_, response) => response.end("plain"));
  const sum = createHash("sha256").update("plain").digest("hex");
  releases.instead(cli.official.checksums, (_, response) => response.end(`${sum}  ${cli.official.archive}\n`));
  expect(await get(cli)).toContain("incorrect header");
});
