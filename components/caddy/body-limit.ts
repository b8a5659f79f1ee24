// How large the body of a request may be. Pure.
import { indent } from "./caddyfile-text.ts";

/** A route that may have a limit of its own. */
export interface Limited {
  /** MiB. @default 64 MB, as everywhere */
  maxUploadMiB?: number;
}

/** As much of a site as decides it. */
interface Site {
  routes: readonly ({ path: string } & Limited)[];
  hostRoutes: readonly ({ host: string } & Limited)[];
}

const limit = (size: string, matcher = "") => `request_body ${matcher}{\n\tmax_size ${size}\n}`;

/** For everything that has no limit of its own. */
export const usualBodyLimit = limit("64MB");

const isOwn = ({ maxUploadMiB }: Limited) => maxUploadMiB !== undefined;
const anyOwn = ({ routes, hostRoutes }: Site) => [...routes, ...hostRoutes].some(isOwn);

/** A limit above another one does not lift it: where one route has its own, every route gets one, and the rest this. */
export function bodyLimitElsewhere(site: Site): string {
  if (!anyOwn(site)) return usualBodyLimit;
  const paths = site.routes.flatMap(({ path }) => [path, `${path}/*`]);
  const hosts = site.hostRoutes.map(({ host }) => host);
  const nots = [
    ...(paths.length > 0 ? [`not path ${paths.join(" ")}`] : []),
    ...(hosts.length > 0 ? [`not host ${hosts.join(" ")}`] : []),
  ];
  return `@elsewhere {\n${indent(nots.join("\n"))}\n}\n${limit("64MB", "@elsewhere ")}`;
}

/** The lines in the block of a route. */
export const bodyLimit =
  (site: Site) =>
  ({ maxUploadMiB }: Limited): string =>
    anyOwn(site) ? `${indent(maxUploadMiB === undefined ? usualBodyLimit : limit(`${maxUploadMiB}MiB`))}\n` : "";
