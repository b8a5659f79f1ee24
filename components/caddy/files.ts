// Static files of sites: where Caddy finds them, and how it serves them. Pure.
import { sitePlace } from "../definition/sites.ts";
import type { Limited } from "./body-limit.ts";

/** Where Caddy sees its data, which sites are copied into. */
export const dataPath = "/data";

/** A site: the directory that is served below a path, or under a name of its own. */
export type SiteRoute = { name: string; files: string } & Limited & ({ path: string } | { host: string });

/** The directory of one site. */
export const siteRoot = (name: string) => `${dataPath}/${sitePlace.folder}/${name}`;

/**
 * Serves a directory. A copy of the site takes the place of the one before under the same names: browsers ask every time.
 * @param path below which it is served, whose pages link to each other relative to it. @default the root of a host
 */
export const fileServer = (root: string, path?: string) =>
  [
    ...(path === undefined ? [] : [`redir ${path} ${path}/ 308`, `uri strip_prefix ${path}`]),
    "header Cache-Control no-cache",
    `root * ${root}`,
    "file_server",
  ].join("\n");
