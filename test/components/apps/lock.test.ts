// The lock file: what the images of apps are, read, written, and held against the configuration.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lock, noLock, pinnedReference } from "../../../components/apps/lock.ts";
import { checkPinned } from "../../../components/apps/pinned.ts";
import { readLock, writeLock } from "../../../components/apps/read-lock.ts";
import { parseConfig } from "../../../components/config/parse.ts";
import { imageRef } from "../../../components/image-source.ts";

const hash = (digit: number) => `sha256:${"0".repeat(63)}${digit}`;
const entry = { entrypoint: [], command: ["run"], user: "", volumes: [] };
const app = { image: "ghcr.io/me/rag:1.2", health: { tcp: 80 } };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "xnai-lock-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a pinned image", () => {
  it.each<[string, object, string]>([
    ["ghcr.io/me/rag:1.2", { digest: hash(1) }, `ghcr.io/me/rag@${hash(1)}`],
    ["localhost:5000/rag", { digest: hash(1) }, `localhost:5000/rag@${hash(1)}`],
    [`redis:8@${hash(2)}`, { digest: hash(2) }, `redis@${hash(2)}`],
    ["localhost/rag:latest", { id: hash(3) }, hash(3)],
  ])("%s is what was looked at", (reference, pin, expected) => {
    expect(pinnedReference(reference, { images: { [reference]: { ...entry, ...pin } } })).toBe(expected);
    expect(pinnedReference(reference, noLock)).toBe(reference);
  });

  it("is what the app runs, unless nobody has looked at it yet", () => {
    const lock: Lock = { images: { [app.image]: { ...entry, digest: hash(1) } } };
    const [known, unknown] = [parseConfig({ apps: { rag: app } }, "here", lock), parseConfig({ apps: { rag: app } })];
    expect(imageRef(known, "rag")).toBe(`ghcr.io/me/rag@${hash(1)}`);
    expect(() => checkPinned(known, "dev")).not.toThrow();
    expect(() => checkPinned(unknown, "dev")).toThrow(
      "apps.rag.image is ghcr.io/me/rag:1.2, which Pulumi.dev.lock.yaml does not know yet",
    );
  });

  it("loses no volume that it declares", () => {
    const lock: Lock = { images: { [app.image]: { ...entry, digest: hash(1), volumes: ["/var/lib/rag"] } } };
    const of = (more: object) => parseConfig({ apps: { rag: { ...app, ...more } } }, "here", lock);
    expect(() => checkPinned(of({}), "dev")).toThrow("apps.rag leaves out /var/lib/rag");
    for (const more of [{ data: { data: "/var/lib/rag" } }, { writable: ["/var/lib/rag"] }])
      expect(() => checkPinned(of(more), "dev")).not.toThrow();
  });
});

describe("the file", () => {
  it("is read as it was written, and nothing is as good as an empty one", () => {
    const lock: Lock = { images: { b: { ...entry, id: hash(1) }, a: { ...entry, digest: hash(2) } } };
    expect(readLock(folder, "none")).toEqual(noLock);
    writeLock(folder, "dev", lock);
    expect(readLock(folder, "dev")).toEqual(lock);
    const text = readFileSync(join(folder, "Pulumi.dev.lock.yaml"), "utf8");
    expect(text).toMatch(/^# .*Commit it/);
    expect(text.indexOf("  a:")).toBeLessThan(text.indexOf("  b:"));
  });

  it.each([
    ["images: [", "Flow sequence"],
    ["image: {}", "Unrecognized key"],
    ["images: { a: { digest: sha1 } }", "images.a.digest: sha256: and 64 hex digits"],
  ])("is refused when it says %s", (text, said) => {
    writeFileSync(join(folder, "Pulumi.bad.lock.yaml"), text);
    expect(() => readLock(folder, "bad")).toThrow(said);
  });
});
