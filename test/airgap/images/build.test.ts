import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { extract, type Header } from "tar-stream";
import { describe, expect, it } from "vitest";
import { parseUris } from "../../../airgap/images/lib/apt.ts";
import { sourcesList } from "../../../airgap/images/lib/apt-directory.ts";
import { writeArchive } from "../../../airgap/images/lib/archive.ts";
import { baseTree } from "../../../airgap/images/lib/base.ts";
import { upstreamVersion } from "../../../airgap/images/lib/debian.ts";
import { Tree } from "../../../airgap/images/lib/tree.ts";
import { exitCode } from "../../../lib/errors.ts";

async function pack(tree: Tree): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await tree.pack(
    new Writable({
      write(chunk, _, done) {
        chunks.push(chunk);
        done();
      },
    }),
  );
  return Buffer.concat(chunks);
}

async function unpack(tar: Buffer): Promise<(Header & { content: Buffer })[]> {
  const entries: (Header & { content: Buffer })[] = [];
  const reader = extract();
  reader.on("entry", (header, stream, next) => {
    buffer(stream).then((content) => {
      entries.push({ ...header, content });
      next();
    }, next);
  });
  await pipeline([tar], reader);
  return entries;
}

describe("Tree", () => {
  it("packs owners, modes and contents, parents before children", async () => {
    const tree = new Tree().file("a/b/c.sh", "#!/bin/sh\n", { uid: 999, gid: 1000 }).file("a/plain", "text");
    tree.directory("a/b", { mode: 0o1777, uid: 7 }).symlink("z", "a/b");
    const entries = await unpack(await pack(tree));
    expect(entries.map(({ name, type, mode, uid, gid }) => [name, type, mode, uid, gid])).toEqual([
      ["a", "directory", 0o755, 0, 0],
      ["a/b", "directory", 0o1777, 7, 0],
      ["a/b/c.sh", "file", 0o755, 999, 1000],
      ["a/plain", "file", 0o644, 0, 0],
      ["z", "symlink", 0o777, 0, 0],
    ]);
    expect(entries[3]?.content.toString()).toBe("text");
  });

  it("streams files of this machine, with a mode of ours", async () => {
    const host = join(mkdtempSync(join(tmpdir(), "xnai tree ")), "program");
    writeFileSync(host, "x".repeat(200_000), { mode: 0o600 });
    const [, entry] = await unpack(await pack(new Tree().hostFile("bin/program", host, { mode: 0o755 })));
    expect([entry?.mode, entry?.content.length]).toEqual([0o755, 200_000]);
  });

  it("gives a file cap_net_bind_service=+ep as setcap writes it", async () => {
    const [, entry] = await unpack(await pack(new Tree().file("bin/caddy", "x").allowPortsBelow1024("/bin/caddy")));
    const pax = entry?.pax as Record<string, string> | undefined;
    const bytes = Buffer.from(pax?.["SCHILY.xattr.security.capability"] ?? "", "latin1");
    expect(bytes.toString("hex")).toBe("0100000200040000000000000000000000000000");
  });

  it("puts hard links after what they link to", async () => {
    const entries = await unpack(await pack(new Tree().file("z", "x").link("a", "z")));
    expect(entries.map(({ name, linkname }) => [name, linkname])).toEqual([
      ["z", null],
      ["a", "z"],
    ]);
  });

  it("refuses a file below a symlink, which would land elsewhere", () => {
    expect(() => new Tree().symlink("bin", "usr/bin").file("bin/sh", "x")).toThrow("/bin is a symlink to usr/bin");
  });

  it("packs the same content to the same bytes in any order of writing", async () => {
    const one = await pack(new Tree().file("a", "1").file("b", "2"));
    const other = await pack(new Tree().file("b", "2").file("a", "1"));
    expect(one.equals(other)).toBe(true);
  });

  it("fails when a file of this machine is gone by the time it is packed", async () => {
    const tree = new Tree().file("x", { host: "/does/not/exist", size: 1 });
    await expect(pack(tree)).rejects.toThrow("ENOENT");
  });
});

describe("base of an image", () => {
  it("names root, the given users and nobody", () => {
    const tree = baseTree([{ name: "redis", uid: 999, gid: 1000, home: "/home/redis", shell: "/bin/sh" }]);
    expect(tree.bytes("etc/passwd").toString()).toBe(
      "root:x:0:0:root:/root:/bin/sh\nredis:x:999:1000:redis:/home/redis:/bin/sh\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n",
    );
    expect(tree.bytes("etc/group").toString()).toContain("redis:x:1000:\n");
  });
});

describe("archive", () => {
  it("proves its content: configuration by name, layer by digest", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "xnai archive ")), "image.tar");
    const spec = {
      version: "1.2",
      tree: new Tree().file("hello", "you"),
      cmd: ["sh"],
      user: "1000",
      volumes: ["/data"],
      stopSignal: "SIGINT",
    };
    await writeArchive(file, "xnai.local/x:1-abc", spec, { some: "label" });
    const entries = await unpack(readFileSync(file));
    const content = (name: string) => entries.find((entry) => entry.name === name)?.content ?? Buffer.alloc(0);
    const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

    const [manifest] = JSON.parse(content("manifest.json").toString());
    expect(manifest.RepoTags).toEqual(["xnai.local/x:1-abc"]);
    expect(manifest.Config).toBe(`${sha256(content(manifest.Config))}.json`);
    const config = JSON.parse(content(manifest.Config).toString());
    expect(config.rootfs.diff_ids).toEqual([`sha256:${sha256(content("layer.tar"))}`]);
    expect(config.config).toMatchObject({
      Cmd: ["sh"],
      User: "1000",
      Volumes: { "/data": {} },
      StopSignal: "SIGINT",
      Labels: { some: "label" },
    });
    expect((await unpack(content("layer.tar")))[0]?.content.toString()).toBe("you");
  });
});

describe("Debian's packages", () => {
  it("reads what apt says it would download", () => {
    const sum = "a".repeat(64);
    const said = `'https://mirror/pool/redis-server_7.deb' redis-server_5%3a7.0.15-1~deb12u10_amd64.deb 70628 SHA256:${sum}\nW: something\n`;
    expect(parseUris(said, "/cache")).toEqual([
      {
        name: "redis-server",
        version: "5:7.0.15-1~deb12u10",
        sha256: sum,
        file: "/cache/redis-server_5%3a7.0.15-1~deb12u10_amd64.deb",
      },
    ]);
  });

  it.each([
    ["5:7.0.15-1~deb12u10", "7.0.15"],
    ["15.20-0+deb12u1", "15.20"],
    ["1:1.35.0-4+deb12u1+b1", "1.35.0"],
    ["1.2.5", "1.2.5"],
  ])("%s is upstream's %s", (debian, upstream) => {
    expect(upstreamVersion(debian)).toBe(upstream);
  });

  it("takes the machine's Debian mirror, whatever its release, and leaves third parties out", () => {
    const lines = sourcesList(
      "https://mirror/debian/ trixie\nhttps://mirror/debian/ trixie-updates\nhttps://mirror/debian-security/ trixie-security\nhttps://other/linux/debian-tools trixie\nhttps://nodes/node_20.x nodistro\n",
    ).split("\n");
    const options = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg target=Packages]";
    expect(lines).toEqual([
      `deb ${options} https://mirror/debian/ bookworm main`,
      `deb ${options} https://mirror/debian/ bookworm-updates main`,
      `deb ${options} https://mirror/debian-security/ bookworm-security main`,
      "",
    ]);
  });

  it("takes a mirror that the user names", () => {
    expect(sourcesList("https://my.mirror/debian")).toContain(" https://my.mirror/debian bookworm main\n");
  });

  it.each(["", "https://ubuntu/ubuntu noble\n", "https://mirror/debian-security bookworm-security\n"])(
    "says what is missing when it knows no mirror (%j)",
    (said) => {
      expect(() => sourcesList(said)).toThrow(
        expect.objectContaining({ code: exitCode.machine, fix: expect.stringContaining("XNAI_DEBIAN_MIRROR") }),
      );
    },
  );
});
