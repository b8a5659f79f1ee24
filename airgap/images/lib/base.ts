// What an Alpine-like image has besides its service: a merged /usr, a user list, busybox as shell and tools, certificates.

import type { User } from "../../recipe.ts";
import { addPackage, type DebianPackage, upstreamVersion } from "./debian.ts";
import { Tree } from "./tree.ts";

const root: User = { name: "root", uid: 0, gid: 0, home: "/root", shell: "/bin/sh" };
const nobody: User = { name: "nobody", uid: 65534, gid: 65534, home: "/" };

/** The directories that programs expect, and these users besides root and nobody. */
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

/**
 * Adds Debian's busybox, with a link in /bin for each applet that is not there yet.
 * @param applets the names of the applets that an executable busybox has
 * @returns its upstream version
 */
export async function addBusybox(
  tree: Tree,
  found: DebianPackage,
  applets: (busybox: Buffer) => Promise<readonly string[]>,
): Promise<string> {
  const unpacked = new Tree();
  await addPackage(unpacked, found);
  const busybox = unpacked.bytes("usr/bin/busybox");
  const licence = "usr/share/doc/busybox-static/copyright";
  tree.file("usr/bin/busybox", busybox, { mode: 0o755 }).file(licence, unpacked.bytes(licence));
  for (const applet of await applets(busybox)) {
    if (!tree.has(`usr/bin/${applet}`) && !tree.has(`usr/sbin/${applet}`)) tree.symlink(`usr/bin/${applet}`, "busybox");
  }
  return upstreamVersion(found.version);
}

/** Adds the certificates of the public authorities as one file, where Go programs and curl look for it. */
export async function addCertificates(tree: Tree, found: DebianPackage): Promise<void> {
  const unpacked = new Tree();
  await addPackage(unpacked, found);
  const certificates = unpacked.paths().filter((path) => path.endsWith(".crt"));
  tree.file("etc/ssl/certs/ca-certificates.crt", Buffer.concat(certificates.map((path) => unpacked.bytes(path))));
}
