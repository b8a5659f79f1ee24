// Which services an app uses: those that it names under `uses`, those that its environment refers to, and those that it says
// something of. It needs the apps that its environment refers to. Pure.
import type { StackConfig } from "../config/keys/base.ts";
import { referenceTo } from "../definition/clients.ts";
import { appIn } from "../definition/preset.ts";
import type { ServiceDefinition } from "../definition/service.ts";
import type { AppConfig } from "./config.ts";
import { referencesOf } from "./references.ts";

/**
 * The configuration with every service that an app uses under its `uses`, and every app that it refers to under its `needs`.
 * @param services that come with the stack
 */
export function withUses(config: StackConfig, services: readonly ServiceDefinition[]): StackConfig {
  if (Object.keys(config.apps).length === 0) return config;
  const entries = Object.entries(config.apps).map(([name, app]) => {
    const apps = referencesOf(app.env).flatMap((reference) => appIn(reference) ?? []);
    return [name, { ...app, uses: usedBy(app, services), needs: [...new Set([...app.needs, ...apps])] }];
  });
  return { ...config, apps: Object.fromEntries(entries) };
}

function usedBy(app: AppConfig, services: readonly ServiceDefinition[]): string[] {
  const referred = new Set(referencesOf(app.env).map((reference) => reference.split(".")[0]));
  const saysOf = ({ forApps }: ServiceDefinition) =>
    Object.keys(forApps?.keys ?? {}).some((key) => app[key as keyof AppConfig] !== undefined);
  return services.flatMap((service) =>
    app.uses.includes(service.name) || referred.has(referenceTo(service)) || saysOf(service) ? [service.name] : [],
  );
}
