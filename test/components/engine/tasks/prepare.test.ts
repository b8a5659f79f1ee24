// The script of the preparing task, run for real in each shell of this machine. Changing owners takes root.
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { archive } from "../../../../components/engine/tasks/archive.ts";
import { configMount, type PrepareArgs, prepareCommand } from "../../../../components/engine/tasks/prepare.ts";
import { runScript, type Shell, shells } from "../../../support/shells.ts";

const nothing = await archive({});
const owner = { uid: 1000, gid: 1000 };
const title = "volume lab_redis_data";
let folder: string;
let data: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "xnai prepare "));
  data = join(folder, "data");
  mkdirSync(data);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Runs it on `data`, and on `config` in the test's folder.
 * @param contents of the files that it gets
 */
function prepare(shell: Shell, more: Partial<PrepareArgs> = {}, contents: Buffer = nothing) {
  const [, , script = "", , ...args] = prepareCommand({ owner, data: [{ path: data, title }], files: {}, ...more });
  const words = args.map((word) => (word === configMount ? join(folder, "config") : word));
  const { code, stdout, stderr } = runScript(shell, script, words, contents);
  return { code, said: stdout.trimEnd(), failed: code === 0 ? undefined : stderr.trimEnd().split("\n").at(-1), stderr };
}

const quiet = { code: 0, said: "", failed: undefined, stderr: "" };
const ownerOf = (path: string) => `${lstatSync(path).uid}:${lstatSync(path).gid}`;
const modeOf = (path: string) => (lstatSync(path).mode & 0o7777).toString(8);
/** When the file's owner or mode was last set. */
const touched = (path: string) => lstatSync(path, { bigint: true }).ctimeNs;

function put(path: string, uid = 0, gid = uid): string {
  const full = join(data, path);
  mkdirSync(join(full, ".."), { recursive: true });
  writeFileSync(full, `content of ${path}`);
  lchownSync(full, uid, gid);
  return full;
}

describe.runIf(process.getuid?.() === 0).each(shells)("preparing, in $name", (shell) => {
  describe("data", () => {
    it("of somebody else is given to its owner, counted, with who it was", () => {
      put("a", 1001);
      put("deep/er/b", 1002);
      put("c", 1000);
      const { code, said } = prepare(shell);
      expect(code).toBe(0);
      // The directory itself, deep and deep/er belong to root.
      expect(said).toBe(`${title}: 5 of 6 entries given to 1000:1000 (were: 0:0 1001:1001 1002:1002)`);
      for (const path of ["", "a", "deep", "deep/er", "deep/er/b", "c"])
        expect(ownerOf(join(data, path))).toBe("1000:1000");
    });

    it("keeps its content and its modes", () => {
      const file = put("private/key", 1001);
      chmodSync(file, 0o640);
      chmodSync(join(data, "private"), 0o2775);
      prepare(shell);
      expect(readFileSync(file, "utf8")).toBe("content of private/key");
      expect(modeOf(file)).toBe("640");
      expect(modeOf(join(data, "private"))).toBe("2775");
    });

    it("that is right is not touched, and nothing is said", () => {
      const file = put("a", 1000);
      put("b", 1001);
      const before = touched(file);
      expect(prepare(shell).said).toContain("2 of 3 entries");
      expect(touched(file)).toBe(before);
      const all = [data, file, join(data, "b")];
      const times = all.map(touched);
      expect(prepare(shell)).toEqual(quiet);
      expect(all.map(touched)).toEqual(times);
    });

    it("with the right user and the wrong group is wrong", () => {
      put("a", 1000, 100);
      chownSync(data, 1000, 1000);
      expect(prepare(shell).said).toBe(`${title}: 1 of 2 entries given to 1000:1000 (were: 1000:100)`);
    });

    it("behind a link stays whose it is: the link changes hands, not what it leads to", () => {
      const outside = join(folder, "outside");
      writeFileSync(outside, "");
      symlinkSync(outside, join(data, "link"));
      symlinkSync("nowhere", join(data, "broken"));
      expect(prepare(shell).code).toBe(0);
      expect(ownerOf(outside)).toBe("0:0");
      expect(ownerOf(join(data, "link"))).toBe("1000:1000");
      expect(ownerOf(join(data, "broken"))).toBe("1000:1000");
    });

    it("with any name is counted once and changed", () => {
      const name = fc
        .string({ unit: fc.constantFrom(..." \n\t'\"\\$`*?[]!;&|<>()#~-=.aä".split("")), minLength: 1, maxLength: 12 })
        .filter((text) => text !== "." && text !== "..");
      fc.assert(
        fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 8 }), (names) => {
          const place = mkdtempSync(join(folder, "any "));
          for (const each of names) writeFileSync(join(place, each), "");
          const { said } = prepare(shell, { data: [{ path: place, title: "any" }] });
          const all = names.length + 1;
          expect(said).toBe(`any: ${all} of ${all} entries given to 1000:1000 (were: 0:0)`);
          expect(readdirSync(place).toSorted()).toEqual([...names, ".xnai"].toSorted());
          for (const each of names) expect(ownerOf(join(place, each))).toBe("1000:1000");
        }),
        { numRuns: 15 },
      );
    });

    it("is data, whatever it is called", () => {
      writeFileSync(join(data, "\n"), "");
      expect(prepare(shell).said).toContain("2 of 2 entries given");
      expect(prepare(shell, { writer: "stand-in" }).failed).toContain("holds data of the real software");
    });

    it("in many entries is one line", () => {
      for (let i = 0; i < 300; i++) put(`many/${i}`, 2000 + (i % 5));
      expect(prepare(shell).said).toBe(
        `${title}: 302 of 302 entries given to 1000:1000 (were: 0:0 2000:2000 2001:2001)`,
      );
    });

    it("in several places is told place by place", () => {
      const other = join(folder, "other place");
      mkdirSync(other);
      writeFileSync(join(other, "x"), "");
      put("a");
      const { said } = prepare(shell, {
        data: [
          { path: data, title: "one" },
          { path: other, title: "directory /srv/x y" },
        ],
      });
      expect(said.split("\n").map((line) => line.replace(/ entries.*/, ""))).toEqual([
        "one: 2 of 2",
        "directory /srv/x y: 2 of 2",
      ]);
    });
  });

  describe("a fresh place", () => {
    it("is marked as used, or the engine would undo the work, and is not worth a word", () => {
      expect(prepare(shell)).toEqual(quiet);
      expect(readdirSync(data)).toEqual([".xnai"]);
      expect([ownerOf(data), ownerOf(join(data, ".xnai")), modeOf(data)]).toEqual(["1000:1000", "1000:1000", "700"]);
    });

    it("is closed to others, unless its group may look", () => {
      put("a", 1000);
      chownSync(data, 1000, 1000);
      for (const [before, after] of [
        [0o755, "700"],
        [0o777, "700"],
        [0o700, "700"],
        [0o750, "750"],
      ] as const) {
        chmodSync(data, before);
        expect(prepare(shell)).toEqual(quiet);
        expect(modeOf(data)).toBe(after);
      }
    });
  });

  describe("a place that cannot be prepared", () => {
    it("is a file", () => {
      const path = put("file");
      expect(prepare(shell, { data: [{ path, title }] }).failed).toBe(`${title} is not a directory`);
    });

    it("is not there", () => {
      expect(prepare(shell, { data: [{ path: join(data, "no"), title }] }).failed).toBe(`${title} is not a directory`);
    });
  });

  describe("configuration", () => {
    const conf = (path: string) => join(folder, "config", path);
    const files = { "a.conf": 1, "acl/b c.key": 5 };
    let contents: Buffer;
    beforeEach(async () => {
      contents = await archive({ "a.conf": "12345", "acl/b c.key": "12345" });
      mkdirSync(conf("acl"), { recursive: true });
      for (const name of ["a.conf", "left over.conf", "acl/old"]) writeFileSync(conf(name), "yesterday's");
    });

    it("is readable by its owner and nobody else, and cannot be added to", () => {
      expect(prepare(shell, { files, data: [] }, contents)).toEqual(quiet);
      expect(
        ["a.conf", "acl/b c.key", "", "acl"].map((name) => `${modeOf(conf(name))} ${ownerOf(conf(name))}`),
      ).toEqual(["400 1000:1000", "400 1000:1000", "500 1000:1000", "500 1000:1000"]);
    });

    it("of yesterday is removed, and the rest is whole", () => {
      prepare(shell, { files, data: [] }, contents);
      expect(readdirSync(conf(""), { recursive: true }).toSorted()).toEqual(["a.conf", "acl", "acl/b c.key"]);
      for (const name of Object.keys(files)) expect(readFileSync(conf(name), "utf8")).toBe("12345");
    });

    it("is prepared again after it was, and beside data, of which nothing is removed", () => {
      put("a.conf", 1000);
      put("other", 1000);
      prepare(shell, { files }, contents);
      const { code, stderr } = prepare(shell, { files }, contents);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(readdirSync(data).toSorted()).toEqual([".xnai", "a.conf", "other"]);
      // By which up knows later that the data is still there.
      expect(ownerOf(join(data, ".xnai"))).toBe("1000:1000");
    });

    it("that is too short to protect anything stops the service", () => {
      expect(prepare(shell, { files: { ...files, "a.conf": 32 }, data: [] }, contents).failed).toBe(
        "the file a.conf has 5 bytes and needs 32: with less the service would start without protection",
      );
    });

    it("that is missing stops the service", () => {
      expect(prepare(shell, { files: { ...files, "gone.key": 1 }, data: [] }, contents).failed).toContain(
        "the file gone.key has no bytes and needs 1",
      );
    });

    it("that fails to come leaves the files of before, whole, and the next time works", () => {
      const before = readFileSync(conf("a.conf"), "utf8");
      expect(prepare(shell, { files, data: [] }, contents.subarray(0, 700)).code).not.toBe(0);
      expect(readFileSync(conf("a.conf"), "utf8")).toBe(before);
      expect(prepare(shell, { files, data: [] }, contents)).toEqual(quiet);
      expect(existsSync(conf(".new"))).toBe(false);
    });

    it("takes the place of that of before in one step: who reads it has the one or the other", () => {
      prepare(shell, { files, data: [] }, contents);
      const before = lstatSync(conf("a.conf")).ino;
      prepare(shell, { files, data: [] }, contents);
      expect(lstatSync(conf("a.conf")).ino).not.toBe(before);
    });

    it("is left alone where a service has none", () => {
      expect(prepare(shell).code).toBe(0);
      expect(modeOf(conf("a.conf"))).toBe("644");
      expect(existsSync(conf("left over.conf"))).toBe(true);
    });
  });

  describe("data of a stand-in", () => {
    it("is marked, and neither writer is let at the other's", () => {
      expect(prepare(shell, { writer: "stand-in" }).code).toBe(0);
      expect(readdirSync(data).toSorted()).toEqual([".xnai", ".xnai-standin"]);
      put("points");
      expect(prepare(shell, { writer: "stand-in" }).code).toBe(0);
      expect(prepare(shell, { writer: "real" }).failed).toContain(`${title} holds data that a stand-in wrote`);
      expect(readFileSync(join(data, "points"), "utf8")).toBe("content of points");
    });

    it("is not written over real data", () => {
      put("points");
      expect(prepare(shell, { writer: "stand-in" }).failed).toContain(`${title} holds data of the real software`);
      expect(prepare(shell, { writer: "real" }).code).toBe(0);
    });

    it("matters only where there is data", () => {
      prepare(shell, { writer: "stand-in" });
      expect(prepare(shell, { writer: "real" })).toEqual(quiet);
      expect(readdirSync(data)).toEqual([".xnai"]);
      expect(prepare(shell, { writer: "stand-in" }).code).toBe(0);
    });
  });
});

describe.runIf(process.getuid?.() === 0)("data whose owner cannot be changed", () => {
  // A file system that does not let root, such as a network share: chown that fails as it would there.
  const tools = mkdtempSync(join(tmpdir(), "xnai-tools-"));
  writeFileSync(
    join(tools, "chown"),
    '#!/bin/sh\necho "chown: changing ownership: Operation not permitted" >&2\nexit 1\n',
    {
      mode: 0o755,
    },
  );
  const [system] = shells as [Shell];

  it("is named, with whose it is and the reason", () => {
    put("a", 1001);
    expect(prepare({ ...system, path: `${tools}:${system.path}` }).failed).toMatch(
      /^volume lab_redis_data: .* belongs to (0:0|1001:1001) instead of 1000:1000, and its owner cannot be changed: .*Operation not permitted$/,
    );
  });
});

describe("preparation", () => {
  it("hands over words, never script", () => {
    const [shell, option, script, name, ...args] = prepareCommand({
      owner: { uid: 1, gid: 2 },
      data: [{ path: "/p", title: "$(reboot)" }],
      files: { "a b": 3 },
      writer: "real",
    });
    expect([shell, option, name]).toEqual(["sh", "-c", "prepare.sh"]);
    expect(script).not.toContain("reboot");
    expect(args).toEqual(["1:2", configMount, "real", "/p", "$(reboot)", "--", "3:a b"]);
  });
});
