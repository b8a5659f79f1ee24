// Which services an app uses: those that it names under `uses`, those that its environment refers to, and those that it says
// something of. It needs the apps that its environment refers to. Pure.
import type { StackConfig } from "../config/keys/base.ts";
import { asObject } from "../config/keys/checks.ts";
import { referenceTo } from "../definition/clients.ts";
import { appIn } from "../definition/preset.ts";
import type { ServiceDefinition } from "../definition/service.ts";
import { referencesOf } from "./references.ts";

/** Whether an app uses a service. @param app as it is written, checked or not */
export function isUsedBy(service: Pick<ServiceDefinition, "name" | "forApps">, app: Record<string, unknown>): boolean {
  const says = Object.keys(service.forApps?.keys ?? {}).some((key) => app[key] !== undefined);
  const names = Array.isArray(app.uses) && app.uses.includes(service.name);
  const start = `${referenceTo(service)}.`;
  return says || names || referencesOf(asObject(app.env)).some((reference) => reference.startsWith(start));
}

/**
 * The configuration with every service that an app uses under its `uses`, and every app that it refers to under its `needs`.
 * @param services that come with the stack
 */
export function withUses(config: StackConfig, services: readonly ServiceDefinition[]): StackConfig {
  if (Object.keys(config.apps).length === 0) return config;
  const entries = Object.entries(config.apps).map(([name, app]) => {
    const apps = referencesOf(app.env).flatMap((reference) => appIn(reference) ?? []);
    const uses = services.flatMap((service) => (isUsedBy(service, asObject(app)) ? [service.name] : []));
    return [name, { ...app, uses, needs: [...new Set([...app.needs, ...apps])] }];
  });
  return { ...config, apps: Object.fromEntries(entries) };
}
