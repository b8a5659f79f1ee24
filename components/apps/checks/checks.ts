// What must hold between an app and everything else in the configuration. Pure.
import { asObject, type ConfigCheck, type Unchecked } from "../../config/keys/checks.ts";
import { secretReference } from "../../config/keys/secrets.ts";
import { referenceTo } from "../../definition/clients.ts";
import { configVolume, volumeName } from "../../definition/names.ts";
import type { ServiceDefinition } from "../../definition/service.ts";
import { sitePlace } from "../../definition/sites.ts";
import { checkEnvironment, switchedOff } from "./environment.ts";
import { checkKind, offersOfApps } from "./kinds.ts";
import { checkHost, checkOwned } from "./machine.ts";
import { checkPublish, servicePorts } from "./publish.ts";
import { checkRoute, userRoutes } from "./routes.ts";
import { hintFor, type Say } from "./say.ts";
import { checkUses } from "./uses.ts";

/** As much of a service as an app can clash with, or refer to. */
export type Beside = Pick<ServiceDefinition, "name" | "containerSuffix" | "forApps" | "ports" | "preset">;

/** The checks of `xnai:apps`, in a stack with these services. @param builtIn routes whose place an app may take */
export const checkApps =
  (services: readonly Beside[], builtIn: readonly object[]): ConfigCheck =>
  (values, context) => {
    const apps = Object.entries(asObject(values?.apps)).map(([name, app]) => ({ name, app: asObject(app) }));
    const say: Say = (path, input, message) =>
      context.addIssue({ code: "custom", path: ["apps", ...path], input, message });
    const usable = services.filter(({ forApps }) => forApps);
    const off = usable.filter(({ name }) => asObject(values?.services)[name] === false);
    const offByReference = new Map(off.map((service) => [referenceTo(service), service.name]));
    const running = apps.filter(({ app }) => app.site === undefined);
    const all = [...services, ...running].map(({ name }) => name);
    if (running.length < apps.length) checkFrontDoor(values, apps, say);
    const known = [
      ...usable.flatMap((service) =>
        Object.keys(service.forApps?.offers ?? {}).map((offer) => `${referenceTo(service)}.${offer}`),
      ),
      ...Object.keys(asObject(values?.secrets)).map(secretReference),
      ...offersOfApps(apps, services),
    ];
    const [names, volumes] = [new Map<string, string>(), new Map<string, string>()];
    const ports = servicePorts(values, services);
    const owned = new Map<string, string>(dataRoot(values));
    const routes = new Map<string, string>(userRoutes(values, builtIn));
    for (const { name, app } of apps) {
      checkName(name, services, names, say);
      checkKind(name, app, services, say);
      checkEnvironment(name, app.env, { known, off: offByReference }, say);
      checkUses(name, app, { usable, off }, say);
      checkNeeds(name, app.needs, all, say);
      checkRoute(name, asObject(app.route), routes, values, say);
      checkPublish(name, app.publish, ports, say);
      checkPlaces(name, app, say);
      checkHost(name, app, say);
      checkOwned(name, app.mounts, owned, say);
      checkVolumes(name, asObject(app.data), volumes, say);
    }
    for (const circle of circles(apps))
      say([circle[0] as string, "needs"], circle, `they need each other in a circle: ${circle.join(" needs ")}`);
  };

/** Sites are served by Caddy. */
function checkFrontDoor(values: Unchecked, apps: { name: string; app: Record<string, unknown> }[], say: Say): void {
  if (asObject(values?.services)[sitePlace.service] !== false) return;
  for (const { name, app } of apps)
    if (app.site !== undefined)
      say([name, "site"], app.site, `${sitePlace.service} serves it, ${switchedOff(sitePlace.service)}`);
}

/** Where the data of all services is, unless it is in volumes. */
function dataRoot(values: Unchecked): [string, string][] {
  const { root } = asObject(values?.storage);
  return typeof root === "string" ? [[root, "storage.root"]] : [];
}

/** Names on the engine and of resources are made from it: with underscores on the engine, with hyphens in Pulumi. */
function checkName(name: string, services: readonly Beside[], taken: Map<string, string>, say: Say): void {
  const hyphens = name.replaceAll("_", "-");
  const service = services.find((each) => [each.name, each.containerSuffix].includes(name.replaceAll("-", "_")));
  if (service) say([name], name, `the stack itself has that name (${service.name}): choose another one`);
  else if (["busybox", "localhost", "host"].includes(name))
    say([name], name, "that name means something else: choose another one");
  else if (/[_-](prepare|setup|ready|repair)$/.test(name))
    say([name], name, "the stack uses names with that end itself (prepare, setup, ready, repair): choose another one");
  const twin = taken.get(hyphens);
  if (twin !== undefined) say([name], name, `the same name as ${twin}, but for a hyphen: choose another one`);
  taken.set(hyphens, name);
}

function checkNeeds(app: string, needs: unknown, all: string[], say: Say): void {
  if (!Array.isArray(needs)) return;
  needs.forEach((need, index) => {
    if (typeof need !== "string" || (need !== app && all.includes(need))) return;
    const others = all.filter((name) => name !== app);
    say(
      [app, "needs", index],
      need,
      need === app ? "the app itself" : `no app and no service; ${hintFor(need, others)}`,
    );
  });
}

/** Two things at one place of the container. */
function checkPlaces(app: string, { data, writable, mounts }: Record<string, unknown>, say: Say): void {
  const list = (value: unknown) => (Array.isArray(value) ? value : []);
  const places = [
    ...Object.entries(asObject(data)).map(([part, path]) => ({ at: ["data", part], path })),
    ...list(writable).map((each, index) => ({ at: ["writable", index], path: asObject(each).path ?? each })),
    ...list(mounts).map((each, index) => ({ at: ["mounts", index, "path"], path: asObject(each).path })),
  ];
  const taken = new Map<unknown, string>([["/run/xnai", "the stack's own files"]]);
  for (const { at, path } of places) {
    if (typeof path !== "string") continue;
    const other = taken.get(path);
    if (other) say([app, ...at], path, `already the place of ${other}: choose another path`);
    taken.set(path, at.join("."));
  }
}

/** `a_b` with a part `c` would share a volume with `a` and its part `b_c`. */
function checkVolumes(app: string, data: Record<string, unknown>, taken: Map<string, string>, say: Say): void {
  for (const part of [configVolume, ...Object.keys(data)]) {
    const name = volumeName("", app, part);
    const other = taken.get(name);
    if (other)
      say([app, "data"], part, `its volume would be that of ${other}: give the part, or the app, another name`);
    taken.set(name, `${app}.data.${part}`);
  }
}

/** Circles among the needs of apps, each told once. */
function circles(apps: { name: string; app: Record<string, unknown> }[]): string[][] {
  const needs = new Map(apps.map(({ name, app }) => [name, Array.isArray(app.needs) ? (app.needs as string[]) : []]));
  const done = new Set<string>();
  const found: string[][] = [];
  const walk = (name: string, way: string[]): void => {
    const at = way.indexOf(name);
    if (at >= 0) return void (way.length - at > 1 && found.push([...way.slice(at), name]));
    if (done.has(name)) return;
    for (const next of needs.get(name) ?? []) walk(next, [...way, name]);
    done.add(name);
  };
  for (const name of needs.keys()) walk(name, []);
  return found;
}
