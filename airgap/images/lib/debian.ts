/**
 * Files from Debian's packages. Packages are read as archives and nothing in them is run, so it needs no root and no
 * chroot; what a package's scripts would do (users, links) a recipe writes itself.
 */
import { posix } from "node:path";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { execa } from "execa";
import { extract } from "tar-stream";
import type { BuildContext } from "../recipe.ts";
import { fetchDebs } from "./apt.ts";
import type { Tree } from "./tree.ts";

/** Documentation, translations and service scripts; licence texts (`copyright`) stay. */
const unwanted =
  /^(usr\/share\/(doc(?!\/[^/]+\/copyright$)|man|info|locale|lintian|bug|bash-completion|doc-base)\/|usr\/lib\/systemd\/|etc\/(init\.d|default|logrotate\.d|cron[^/]*)\/)/;

/**
 * Unpacks packages into the tree with their owners and modes, merged into /usr. `packages` names every one: no
 * dependency is followed. Directories appear as their files need them.
 * @param keep which paths to take, without leading slash. Default: all but documentation
 * @returns Debian's version of each package
 */
export async function addPackages(
  context: BuildContext,
  tree: Tree,
  packages: readonly string[],
  keep: (path: string) => boolean = () => true,
): Promise<ReadonlyMap<string, string>> {
  context.progress(`fetching ${packages.length} Debian packages`);
  const debs = await fetchDebs(context.cache, packages);
  for (const deb of debs) await unpack(deb.file, tree, keep);
  return new Map(debs.map((deb) => [deb.name, deb.version]));
}

/** `5:7.0.15-1~deb12u10` is upstream's `7.0.15`. */
export function upstreamVersion(debian: string | undefined): string {
  const version = /^(?:\d+:)?([^-+~]+)/.exec(debian ?? "")?.[1];
  if (!version) throw new Error(`not a Debian version: ${debian}`);
  return version;
}

async function unpack(file: string, tree: Tree, keep: (path: string) => boolean): Promise<void> {
  const dpkg = execa("dpkg-deb", ["--fsys-tarfile", file], { buffer: false });
  const tar = extract();
  tar.on("entry", (header, stream, next) => {
    const path = intoUsr(header.name);
    const owner = { mode: header.mode ?? 0o644, uid: header.uid ?? 0, gid: header.gid ?? 0 };
    buffer(stream).then((content) => {
      if (!unwanted.test(path) && keep(path)) {
        if (header.type === "file") tree.file(path, content, owner);
        else if (header.type === "symlink") tree.symlink(path, header.linkname ?? "");
        else if (header.type === "link") tree.link(path, intoUsr(header.linkname ?? ""));
      }
      next();
    }, next);
  });
  await Promise.all([pipeline(dpkg.stdout, tar), dpkg]);
}

/** `./bin/x` is `usr/bin/x`, as on a machine whose /bin is a link to /usr/bin. */
function intoUsr(path: string): string {
  return posix.normalize(path).replace(/^(bin|sbin|lib|lib64)\//, "usr/$1/");
}
