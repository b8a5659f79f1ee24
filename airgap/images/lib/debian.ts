// Files of Debian's packages. A package is read as an archive and nothing in it is run, so this needs no root and no
// chroot; what a package's scripts would do (users, links) is in the recipe.
import { posix } from "node:path";
import { buffer } from "node:stream/consumers";
import { extract } from "tar-stream";
import type { PackageSet } from "../../recipe.ts";
import { builder } from "./settings.ts";
import type { Tree } from "./tree.ts";

export interface DebianPackage {
  readonly name: string;
  /** Debian's version, such as `5:7.0.15-1~deb12u10`. */
  readonly version: string;
  /** Writes the package's files as a tar. */
  unpackTo(tar: NodeJS.WritableStream): Promise<unknown>;
}

/** Adds a package's files with their owners and modes, merged into /usr. Directories appear as their files need them. */
export async function addPackage(
  tree: Tree,
  found: DebianPackage,
  { keep, drop = [] }: Pick<PackageSet, "keep" | "drop"> = {},
): Promise<void> {
  const isTaken = (path: string) =>
    !builder.leftOut.test(path) && keep?.test(path) !== false && !drop.some((pattern) => pattern.test(path));
  const tar = extract();
  tar.on("entry", (header, stream, next) => {
    const path = intoUsr(header.name);
    const owner = { mode: header.mode ?? 0o644, uid: header.uid ?? 0, gid: header.gid ?? 0 };
    buffer(stream).then((content) => {
      if (isTaken(path)) {
        if (header.type === "file") tree.file(path, content, owner);
        else if (header.type === "symlink") tree.symlink(path, header.linkname ?? "");
        else if (header.type === "link") tree.link(path, intoUsr(header.linkname ?? ""));
      }
      next();
    }, next);
  });
  await found.unpackTo(tar);
}

/** `5:7.0.15-1~deb12u10` is upstream's `7.0.15`. @throws Error for what is no version */
export function upstreamVersion(debian: string | undefined): string {
  const version = /^(?:\d+:)?([^-+~]+)/.exec(debian ?? "")?.[1];
  if (!version) throw new Error(`not a Debian version: ${debian}`);
  return version;
}

/** `./bin/x` is `usr/bin/x`, as on a machine whose /bin is a link to /usr/bin. */
function intoUsr(path: string): string {
  return posix.normalize(path).replace(/^(bin|sbin|lib|lib64)\//, "usr/$1/");
}
