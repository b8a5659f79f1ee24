/** What an Alpine-like image has besides its service: a merged /usr, a user list and busybox as shell and tools. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { BuildContext } from "../recipe.ts";
import { addPackages, upstreamVersion } from "./debian.ts";
import { Tree } from "./tree.ts";

export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** The group's name. @default the user's */
  readonly group?: string;
  readonly home: string;
  readonly shell?: string;
}

const root: User = { name: "root", uid: 0, gid: 0, home: "/root", shell: "/bin/sh" };
const nobody: User = { name: "nobody", uid: 65534, gid: 65534, home: "/" };

/** The directories that programs expect, and the users given (root and nobody are always there). */
export function baseTree(users: readonly User[] = []): Tree {
  const tree = new Tree();
  for (const folder of ["bin", "sbin", "lib", "lib64"]) {
    tree.directory(`usr/${folder}`).symlink(folder, `usr/${folder}`);
  }
  for (const folder of ["dev", "etc", "home", "mnt", "opt", "proc", "run", "srv", "sys", "usr/local/bin", "var/lib"]) {
    tree.directory(folder);
  }
  tree.directory("root", { mode: 0o700 });
  tree.directory("tmp", { mode: 0o1777 }).directory("var/tmp", { mode: 0o1777 }).symlink("var/run", "/run");
  const all = [root, ...users, nobody];
  tree.file(
    "etc/passwd",
    all.map((u) => `${u.name}:x:${u.uid}:${u.gid}:${u.name}:${u.home}:${u.shell ?? "/sbin/nologin"}\n`).join(""),
  );
  tree.file("etc/group", all.map((u) => `${u.group ?? u.name}:x:${u.gid}:\n`).join(""));
  tree.file("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
  return tree;
}

/** Adds busybox with a link in /bin for each applet that is not there yet. @returns its upstream version */
export async function addBusybox(context: BuildContext, tree: Tree): Promise<string> {
  const own = new Tree();
  const versions = await addPackages(context, own, ["busybox-static"]);
  const busybox = own.bytes("usr/bin/busybox");
  tree.file("usr/bin/busybox", busybox, { mode: 0o755 });
  tree.file("usr/share/doc/busybox-static/copyright", own.bytes("usr/share/doc/busybox-static/copyright"));
  for (const applet of await applets(context, busybox)) {
    if (!tree.has(`usr/bin/${applet}`) && !tree.has(`usr/sbin/${applet}`)) tree.symlink(`usr/bin/${applet}`, "busybox");
  }
  return upstreamVersion(versions.get("busybox-static"));
}

async function applets(context: BuildContext, busybox: Buffer): Promise<string[]> {
  const program = join(context.work, "busybox");
  await writeFile(program, busybox, { mode: 0o755 });
  const { stdout } = await execa(program, ["--list"]);
  return stdout.split("\n").filter((name) => name && name !== "busybox");
}

/** Adds the public certificate authorities as one bundle, where Go programs and curl look for it. */
export async function addCertificates(context: BuildContext, tree: Tree): Promise<void> {
  const own = new Tree();
  await addPackages(context, own, ["ca-certificates"]);
  const certificates = own.paths().filter((path) => path.endsWith(".crt"));
  tree.file("etc/ssl/certs/ca-certificates.crt", Buffer.concat(certificates.map((path) => own.bytes(path))));
}
