import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type Dockerode from "dockerode";
import { beforeEach, describe, expect, it } from "vitest";
import { alone, archiveOf } from "../../../airgap/images/cache.ts";
import { ensureImages, imagesInEngine } from "../../../airgap/images/index.ts";
import { architecture } from "../../../airgap/images/lib/archive.ts";
import { type ImageName, localImage } from "../../../airgap/images/names.ts";
import { exitCode } from "../../../lib/errors.ts";

/** An engine as dockerode shows it; it takes an archive that holds nothing but a reference. */
class FakeEngine {
  readonly images = new Map<string, Record<string, string>>();
  readonly loaded: string[] = [];
  arch = architecture;

  getImage(reference: string) {
    return {
      inspect: async () => {
        const labels = this.images.get(reference);
        if (!labels) throw Object.assign(new Error("no such image"), { statusCode: 404 });
        return { Id: `id of ${reference}`, Config: { Labels: labels } };
      },
    };
  }

  async version() {
    return { Arch: this.arch };
  }

  async loadImage(archive: NodeJS.ReadableStream) {
    const reference = (await buffer(archive as never)).toString();
    const answer = new PassThrough();
    if (reference === "damaged") return answer.end('{"error":"unexpected EOF"}');
    if (reference === "full") return answer.end('{"error":"write /x: no space left on device"}');
    this.loaded.push(reference);
    this.images.set(reference, {});
    return answer.end("{}");
  }
}

let engine: FakeEngine;
let cache: string;
let ensure: (...names: ImageName[]) => Promise<void>;

beforeEach(() => {
  engine = new FakeEngine();
  const home = mkdtempSync(join(tmpdir(), "xnai cache "));
  cache = join(home, "xnai", "images");
  const docker = engine as unknown as Dockerode;
  ensure = (...names) => ensureImages({ docker, names, env: { XDG_CACHE_HOME: home } });
});

function inCache(name: ImageName, content = localImage(name)): void {
  mkdirSync(dirname(archiveOf(cache, name)), { recursive: true });
  writeFileSync(archiveOf(cache, name), content);
}

describe("ensureImages", () => {
  it("does nothing when the engine has them", async () => {
    engine.images.set(localImage("redis"), {});
    await ensure("redis");
    expect(engine.loaded).toEqual([]);
    expect(existsSync(cache)).toBe(false);
  });

  it("loads what is in the cache and only that", async () => {
    inCache("redis");
    inCache("caddy");
    inCache("consul");
    engine.images.set(localImage("caddy"), {});
    await ensure("redis", "caddy");
    expect(engine.loaded).toEqual([localImage("redis")]);
  });

  it("loads the others when one fails, and says which failed and what to do", async () => {
    inCache("redis", "damaged");
    inCache("caddy");
    await expect(ensure("redis", "caddy")).rejects.toMatchObject({
      code: exitCode.machine,
      message: expect.stringContaining(`${localImage("redis")}: {"error":"unexpected EOF"}`),
      fix: expect.stringContaining(archiveOf(cache, "redis")),
    });
    expect(engine.loaded).toEqual([localImage("caddy")]);
  });

  it("says so when the engine is out of room", async () => {
    inCache("redis", "full");
    await expect(ensure("redis")).rejects.toMatchObject({
      code: exitCode.machine,
      fix: expect.stringContaining("Free 4 GB of disk"),
    });
  });

  it("refuses an engine of another architecture before it builds anything", async () => {
    engine.arch = "riscv64";
    await expect(ensure("redis")).rejects.toMatchObject({
      code: exitCode.machine,
      message: expect.stringContaining("riscv64"),
    });
    expect(existsSync(cache)).toBe(false);
  });

  it("says so when the cache cannot be written", async () => {
    writeFileSync(join(dirname(dirname(cache)), "xnai"), "a file where a folder should be");
    await expect(ensure("busybox")).rejects.toMatchObject({
      code: exitCode.machine,
      fix: expect.stringContaining("XDG_CACHE_HOME"),
    });
  });
});

describe("imagesInEngine", () => {
  it("tells built from elsewhere, and stand-ins by their sentence", async () => {
    engine.images.set("redis:8", {});
    engine.images.set("xnai.local/qdrant:1", {
      "io.xnai.image.source": "built",
      "io.xnai.image.version": "1.2.3",
      "io.xnai.image.standin": "true",
      "io.xnai.image.standin.note": "A stand-in.",
    });
    const found = await imagesInEngine(engine as unknown as Dockerode, ["redis:8", "xnai.local/qdrant:1", "none:1"]);
    expect([...found.keys()].sort()).toEqual(["redis:8", "xnai.local/qdrant:1"]);
    expect(found.get("redis:8")).toMatchObject({ source: "elsewhere", standIn: undefined });
    expect(found.get("xnai.local/qdrant:1")).toMatchObject({
      source: "built",
      version: "1.2.3",
      standIn: "A stand-in.",
    });
  });
});

describe("alone", () => {
  it("lets one build at a time, tells the other that it waits, and leaves no lock", async () => {
    const events: string[] = [];
    const first = alone(
      cache,
      () => events.push("first waits"),
      async () => {
        events.push("first");
        await sleep(300);
        events.push("first done");
      },
    );
    while (!events.includes("first")) await sleep(5);
    await Promise.all([
      first,
      alone(
        cache,
        () => events.push("second waits"),
        async () => events.push("second"),
      ),
    ]);
    expect(events).toEqual(["first", "second waits", "first done", "second"]);
    expect(readdirSync(dirname(cache))).toEqual(["images"]);
  });

  it("unlocks after a failure", async () => {
    await expect(
      alone(
        cache,
        () => {},
        () => Promise.reject(new Error("broke")),
      ),
    ).rejects.toThrow("broke");
    await alone(
      cache,
      () => expect.unreachable(),
      async () => {},
    );
  });
});
