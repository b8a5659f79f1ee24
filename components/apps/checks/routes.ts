// The places of apps behind the front door. Pure.
import { isDeepStrictEqual } from "node:util";
import { asObject, type Unchecked } from "../../config/keys/checks.ts";
import { reservedBy } from "../../config/keys/route-path.ts";
import type { Say } from "./say.ts";

/** Path -> the key that has it, of the routes that the user wrote. @param builtIn which an app may take the place of */
export function userRoutes(values: Unchecked, builtIn: readonly object[]): [string, string][] {
  const routes = asObject(values?.caddy).routes;
  if (!Array.isArray(routes)) return [];
  return routes.flatMap((route, index) => {
    const { path } = asObject(route);
    if (builtIn.some((each) => isDeepStrictEqual(each, route))) return [];
    return typeof path === "string" ? [[path.toLowerCase(), `caddy.routes[${index}]`] as [string, string]] : [];
  });
}

/** No two things at one path or name. @param taken path or host -> the key that has it; this one is added */
export function checkRoute(
  app: string,
  route: Record<string, unknown>,
  taken: Map<string, string>,
  values: Unchecked,
  say: Say,
): void {
  const { path, host } = route;
  const key = typeof path === "string" ? "path" : "host";
  const place = typeof path === "string" ? path.toLowerCase() : host;
  if (typeof place !== "string") return;
  const reserved = key === "path" ? reservedBy(place) : ownHosts(values).find((own) => own === place);
  const twin = taken.get(place);
  if (reserved) say([app, "route", key], place, `${reserved} belongs to the stack itself: choose another ${key}`);
  else if (twin) say([app, "route", key], place, `it is already routed by ${twin}`);
  taken.set(place, `apps.${app}.route`);
}

/** Host names under which the front door answers by itself. */
function ownHosts(values: Unchecked): unknown[] {
  const { host = "vikunja.localhost" } = asObject(values?.vikunja);
  const { hosts } = asObject(values?.caddy);
  return ["localhost", "caddy", host, ...(Array.isArray(hosts) ? hosts : [])];
}
