// What an app may say of itself follows from what it is: a service, a task that runs to its end, a preset, or a site. Pure.
import { isDeepStrictEqual } from "node:util";
import { asObject } from "../../config/keys/checks.ts";
import { referenceToApp } from "../../definition/preset.ts";
import type { Preset, ServiceDefinition } from "../../definition/service.ts";
import { appKeys } from "../config.ts";
import type { Say } from "./say.ts";

type App = Record<string, unknown>;

/** As much of a service as its presets take. */
export type Kinds = Pick<ServiceDefinition, "name" | "preset">;

/** Keys that mean nothing for a task -> why. */
const notForTasks: Record<string, string> = {
  health: "of a task, which runs to its end, it only counts how it ends: remove health, or task",
  route: "nobody can be led to a task, which runs to its end: remove route, or task",
  publish: "nobody is answered by a task, which runs to its end: remove publish, or task",
  gpu: "a task gets no GPU: remove gpu, or task",
};

/** What may be said of every preset. */
const withPreset = ["preset", "user", "limits", "publish", "rotation"];

/** What a configuration does not have to say. */
const defaults: App = appKeys.parse({});

/** What it says: nobody knows any more whether a default was written. */
const saidIn = (app: App): App =>
  Object.fromEntries(
    Object.entries(app).filter(([key, value]) => value !== undefined && !isDeepStrictEqual(value, defaults[key])),
  );

/** No key that means nothing for this kind of app, and all that it needs. @param services of the stack */
export function checkKind(name: string, written: App, services: readonly Kinds[], say: Say): void {
  const app = saidIn(written);
  const presets = services.flatMap((service) => (service.preset ? [{ of: service.name, ...service.preset }] : []));
  const preset = presets.find(({ of }) => of === app.preset);
  if (app.site !== undefined) checkSite(name, app, say);
  else if (preset) checkPreset(name, app, [...withPreset, ...Object.keys(preset.keys)], say);
  // A preset of another name has been told of.
  else if (app.preset === undefined) checkOwn(name, app, presets, say);
}

function checkSite(name: string, app: App, say: Say): void {
  for (const key of Object.keys(app))
    if (!["site", "route"].includes(key))
      say([name, key], app[key], "nothing but its route belongs to a site, which has no container: remove it, or site");
  const route = asObject(app.route);
  if (app.route === undefined)
    say([name, "route"], undefined, "an object with path, or with host: where the front door serves the site");
  for (const key of ["port", "stripPrefix", "maxUploadMiB"])
    if (route[key] !== undefined && route[key] !== false)
      say([name, "route", key], route[key], "of a site, which is files, there is only a path or a host: remove it");
}

function checkPreset(name: string, app: App, allowed: string[], say: Say): void {
  for (const key of Object.keys(app))
    if (!allowed.includes(key))
      say(
        [name, key],
        app[key],
        `preset: ${app.preset} decides that itself: remove it; beside it there can be ${allowed.slice(1).join(", ")}`,
      );
}

/** With an image of its own: a task has no health and answers nobody, anything else has to say how it is asked. */
function checkOwn(name: string, app: App, presets: (Preset & { of: string })[], say: Say): void {
  for (const { of, keys } of presets)
    for (const key of Object.keys(keys))
      if (app[key] !== undefined) say([name, key], app[key], `it belongs to preset: ${of}: remove it, or the image`);
  if (app.image === undefined)
    say([name, "image"], undefined, "a reference such as ghcr.io/me/rag:1.2; or set preset, or site");
  const { port } = asObject(app.route);
  if (app.route !== undefined && port === undefined)
    say([name, "route", "port"], undefined, "a number from 1 to 65535: the port on which it listens in its container");
  if (app.task === true) {
    for (const [key, why] of Object.entries(notForTasks)) if (app[key] !== undefined) say([name, key], app[key], why);
  } else if (app.health === undefined)
    say([name, "health"], undefined, "an object with http, port, or with tcp, or with command; or set task: true");
}

/** What references to apps may name. */
export const offersOfApps = (apps: { name: string; app: App }[], services: readonly Kinds[]): string[] =>
  apps.flatMap(({ name, app }) => {
    const preset = services.find((service) => service.preset && service.name === app.preset)?.preset;
    return Object.keys(preset?.offers ?? {}).map((offer) => referenceToApp(name, offer));
  });
