// The files of an image as data: owners, modes and capabilities are what is written here, whoever runs the build.
import { createReadStream, lstatSync, readdirSync, readlinkSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Header, type Pack, pack as tarPack } from "tar-stream";
import type { Owner } from "../../recipe.ts";
import { builder } from "./settings.ts";

/** Where a file's bytes come from: memory, or a file on this machine that is streamed when the image is packed. */
export type Content = Buffer | { readonly host: string; readonly size: number };

type Node = Required<Owner> & { readonly pax?: Record<string, string> } & (
    | { readonly type: "directory" }
    | { readonly type: "file"; readonly content: Content }
    | { readonly type: "symlink" | "link"; readonly target: string }
  );

type Entry = Pick<Header, "name"> & Partial<Header>;

/** A file system that is being put together. Paths may have a leading slash or not; parents appear as they are needed. */
export class Tree {
  readonly #nodes = new Map<string, Node>();

  /** Absolute paths of everything in the tree, sorted. */
  paths(): string[] {
    return [...this.#nodes.keys()].sort().map((path) => `/${path}`);
  }

  has(path: string): boolean {
    return this.#nodes.has(clean(path));
  }

  /** The content of a file that is held in memory. @throws Error when there is none */
  bytes(path: string): Buffer {
    const node = this.#nodes.get(clean(path));
    if (node?.type !== "file" || !Buffer.isBuffer(node.content)) throw new Error(`no file in memory at ${path}`);
    return node.content;
  }

  /** @default owner 0755 root:root. A directory that is already there gets the new owner and mode. */
  directory(path: string, owner: Owner = {}): this {
    return this.#set(path, { mode: 0o755, uid: 0, gid: 0, ...owner, type: "directory" });
  }

  /** @default owner 0644 root:root; 0755 for a script */
  file(path: string, content: string | Content, owner: Owner = {}): this {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    const mode = Buffer.isBuffer(bytes) && bytes.subarray(0, 2).toString() === "#!" ? 0o755 : 0o644;
    return this.#set(path, { mode, uid: 0, gid: 0, ...owner, type: "file", content: bytes });
  }

  /** A file of this machine, not read before the image is packed. @default owner 0644 root:root */
  hostFile(path: string, host: string, owner: Owner = {}): this {
    return this.file(path, { host, size: lstatSync(host).size }, owner);
  }

  /** A whole directory of this machine; executables stay executable, every owner becomes `owner`'s. */
  hostDirectory(path: string, host: string, owner: Pick<Owner, "uid" | "gid"> = {}): this {
    this.directory(path, owner);
    for (const entry of readdirSync(host, { withFileTypes: true })) {
      const from = join(host, entry.name);
      const to = posix.join(path, entry.name);
      if (entry.isDirectory()) this.hostDirectory(to, from, owner);
      else if (entry.isSymbolicLink()) this.symlink(to, readlinkSync(from));
      else this.hostFile(to, from, { ...owner, mode: lstatSync(from).mode & 0o111 ? 0o755 : 0o644 });
    }
    return this;
  }

  symlink(path: string, target: string): this {
    return this.#set(path, { mode: 0o777, uid: 0, gid: 0, type: "symlink", target });
  }

  /** A hard link to another path of this tree. */
  link(path: string, target: string): this {
    return this.#set(path, { mode: 0o777, uid: 0, gid: 0, type: "link", target: clean(target) });
  }

  /**
   * Gives a file `cap_net_bind_service=+ep`, as setcap does: the 20 bytes of vfs_cap_data in version 2
   * (linux/capability.h), carried through the layer as a PAX record.
   */
  allowPortsBelow1024(path: string): this {
    const node = this.#nodes.get(clean(path));
    if (node?.type !== "file") throw new Error(`no file at ${path}`);
    const data = Buffer.alloc(20);
    data.writeUInt32LE(0x02000001, 0); // VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE
    data.writeUInt32LE(1 << 10, 4); // permitted: CAP_NET_BIND_SERVICE; every byte is ASCII, which PAX text needs
    return this.#set(path, { ...node, pax: { "SCHILY.xattr.security.capability": data.toString("latin1") } });
  }

  /**
   * Writes the tree as one tar, parents first.
   * @param mtime the time that every file bears. Default: the builder's
   */
  async pack(to: NodeJS.WritableStream, mtime = new Date(builder.timestamp)): Promise<void> {
    const tar = tarPack();
    const written = pipeline(tar, to);
    const add = async () => {
      // Hard links last: their targets have to be there.
      const nodes = [...this.#nodes].sort(([a, x], [b, y]) =>
        (x.type === "link") !== (y.type === "link") ? (x.type === "link" ? 1 : -1) : a < b ? -1 : 1,
      );
      for (const [name, node] of nodes) {
        const { type, mode, uid, gid, pax } = node;
        const header: Entry = { name, type, mode, uid, gid, mtime, ...(pax && { pax }) };
        if (node.type === "file") await addFile(tar, header, node.content);
        else tar.entry(node.type === "directory" ? header : { ...header, linkname: node.target });
      }
      tar.finalize();
    };
    await Promise.all([written, add().catch((error) => tar.destroy(error))]);
  }

  #set(path: string, node: Node): this {
    const name = clean(path);
    for (let parent = dirname(name); parent !== "."; parent = dirname(parent)) {
      const there = this.#nodes.get(parent);
      if (there?.type === "symlink") throw new Error(`${path}: /${parent} is a symlink to ${there.target}`);
      if (!there) this.#nodes.set(parent, { type: "directory", mode: 0o755, uid: 0, gid: 0 });
    }
    this.#nodes.set(name, node);
    return this;
  }
}

async function addFile(tar: Pack, header: Entry, content: Content): Promise<void> {
  if (Buffer.isBuffer(content)) {
    tar.entry(header, content);
  } else {
    await pipeline(createReadStream(content.host), tar.entry({ ...header, size: content.size }));
  }
}

function clean(path: string): string {
  return posix.normalize(`/${path}`).slice(1).replace(/\/$/, "");
}
