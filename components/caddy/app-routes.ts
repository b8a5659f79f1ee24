// Routes that services bring along themselves, beside those of the configuration. Pure.
import { isDeepStrictEqual } from "node:util";
import type { StackConfig } from "../config/keys/base.ts";
import { containerName } from "../definition/names.ts";
import type { ServiceDefinition } from "../definition/service.ts";
import { sitesOf } from "../definition/sites.ts";
import { builtInRoutes, type Route } from "./config.ts";
import { type SiteRoute, siteRoot } from "./files.ts";

/** Services with a place behind the front door. */
const fronted = (services: readonly ServiceDefinition[]) =>
  services.flatMap(({ name, front }) => (front ? [{ name, front }] : []));

/** The routes that the configuration names, without a built-in one whose path a service or a site takes. */
export function userRoutes(config: StackConfig, services: readonly ServiceDefinition[]): Route[] {
  const { caddy } = config;
  const taken = [...fronted(services).map(({ front }) => front), ...siteRoutes(config)].flatMap((route) =>
    "path" in route ? [route.path.toLowerCase()] : [],
  );
  const isBuiltIn = (route: Route) => builtInRoutes.some((each) => isDeepStrictEqual(each, route));
  return caddy.routes.filter((route) => !taken.includes(route.path.toLowerCase()) || !isBuiltIn(route));
}

/** The sites, as the Caddyfile is rendered from them. */
export const siteRoutes = (config: StackConfig): SiteRoute[] =>
  sitesOf(config).flatMap(({ name, route }): SiteRoute[] => {
    if (!route) return [];
    const files = siteRoot(name);
    return "path" in route ? [{ name, files, path: route.path }] : [{ name, files, host: route.host }];
  });

/** All routes, as the Caddyfile is rendered from them. */
export function frontRoutes(config: StackConfig, services: readonly ServiceDefinition[]) {
  const upstream = (name: string, port: number) => `${containerName(config.prefix, { name })}:${port}`;
  const all = fronted(services);
  const paths = all.flatMap(({ name, front: { port, ...front } }) =>
    "path" in front ? [{ ...front, upstream: upstream(name, port) }] : [],
  );
  const hostRoutes = all.flatMap(({ name, front: { port, ...front } }) =>
    "host" in front ? [{ ...front, upstream: upstream(name, port) }] : [],
  );
  return { routes: [...userRoutes(config, services), ...paths], hostRoutes, sites: siteRoutes(config) };
}

/** Host names that are some service's alone. */
export const appHosts = (config: StackConfig, services: readonly ServiceDefinition[]): string[] =>
  [...fronted(services).map(({ front }) => front), ...siteRoutes(config)].flatMap((route) =>
    "host" in route ? [route.host] : [],
  );
