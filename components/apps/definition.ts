// A container of the user's own as a service of the stack. Pure.

import { label } from "../../lib/labels.ts";
import { scriptCommand } from "../../lib/shell.ts";
import type { StackConfig } from "../config/keys/base.ts";
import { secretReference } from "../config/keys/secrets.ts";
import { hostAddress } from "../definition/binding.ts";
import { clientOf, knownAs, referenceTo } from "../definition/clients.ts";
import { type Container, type NetworkName, scratch } from "../definition/container.ts";
import { launcher } from "../definition/launcher.ts";
import { type Card, type FrontRoute, onThisMachine } from "../definition/presentation.ts";
import { ownOf, referenceToApp } from "../definition/preset.ts";
import { secretItself } from "../definition/secret.ts";
import { configPath, type ServiceDefinition } from "../definition/service.ts";
import type { AppConfig } from "./config.ts";
import { appDamage } from "./damage.ts";
import { type Divided, divided, environmentFile } from "./environment.ts";
import { healthTest } from "./health.ts";
import { lookAtMachine } from "./machine/look.ts";
import { portsOf } from "./publish.ts";
import { type Known, referencesOf } from "./references.ts";

/** Type of the component of every app. */
export const appType = "xnai:index:App" as const;

/** The apps of a stack that run, in the order in which the configuration names them. @param services what comes with the stack */
export function appsOf(config: StackConfig, services: readonly ServiceDefinition[]): ServiceDefinition[] {
  const presets = new Map(services.flatMap(({ name, preset, image }) => (preset ? [[name, { preset, image }]] : [])));
  const running = Object.entries(config.apps).filter(([, { site }]) => site === undefined);
  return running.map(([name, app]) => {
    const known = app.preset === undefined ? undefined : presets.get(app.preset);
    if (known) return { ...known.preset.definition(ownOf(name, app)), ...ofEveryApp(name, app), image: known.image };
    const used = services.filter((service) => app.uses.includes(service.name));
    return definition(name, app, {
      known: offered(config, services, name),
      shared: sharedAt(used, name, app),
      networks: used.flatMap(({ forApps }) => forApps?.network ?? []),
    });
  });
}

/** What the environment of an app may refer to. */
function offered(config: StackConfig, services: readonly ServiceDefinition[], name: string): Known {
  return Object.fromEntries([
    ...services.flatMap((service) =>
      Object.entries(service.forApps?.offers ?? {}).map(([offer, content]) => [
        `${referenceTo(service)}.${offer}`,
        typeof content === "function" ? content(knownAs(config, service, name), config) : content,
      ]),
    ),
    ...Object.keys(config.secrets).map((name) => [secretReference(name), secretItself(secretReference(name))]),
    ...Object.entries(config.apps).flatMap(([name, app]) => {
      const preset = services.find((service) => service.name === app.preset)?.preset;
      return Object.entries(preset?.offers ?? {}).map(([offer, content]) => [
        referenceToApp(name, offer),
        content(ownOf(name, app)),
      ]);
    }),
  ]);
}

/** Services at which it logs in with what others have, too. */
function sharedAt(used: readonly ServiceDefinition[], name: string, app: AppConfig): string[] {
  const referred = referencesOf(app.env);
  return used.flatMap((service) => {
    const shared = service.forApps?.shared?.(clientOf(service.name, name, app)) ?? [];
    return shared.some((offer) => referred.includes(`${referenceTo(service)}.${offer}`)) ? [service.name] : [];
  });
}

/** What the services that it uses are to it. */
interface Given {
  /** What its environment may refer to. */
  known: Known;
  /** Names of those at which it logs in with what others have, too. */
  shared: string[];
  /** Where it reaches those that are not on the main network. */
  networks: NetworkName[];
}

function definition(name: string, app: AppConfig, { known, shared, networks }: Given): ServiceDefinition {
  const environment = divided(app.env, known);
  const warning = lookAtMachine(name, app);
  return {
    ...ofEveryApp(name, app),
    image: { hub: app.image ?? "" },
    data: app.data,
    files: () => environment.files,
    launcher: true,
    once: app.task,
    damage: appDamage(name),
    ...(warning && { warning }),
    // Only the route of a site has no port.
    ...(app.route && { front: app.route as FrontRoute }),
    container: () => ({
      ...container(app, environment),
      networks: { main: name, ...Object.fromEntries(networks.map((network) => [network, name])) },
      ...(shared.length > 0 && { labels: { [label.shared]: shared.join(" ") } }),
    }),
  };
}

/** What an app has whatever it is. */
const ofEveryApp = (name: string, app: AppConfig) => ({
  name,
  type: appType,
  needs: [...new Set([...app.needs, ...app.uses])],
  ...(app.publish.length > 0 && { ports: portsOf(name, app) }),
  ...(!app.task && { card: (config: StackConfig) => card(config, name, app) }),
});

function container(app: AppConfig, { plain, launched }: Divided): Omit<Container, "networks"> {
  const first = launched ? launch() : [];
  const tmpfs = app.writable.map((each) => (typeof each === "string" ? { path: each, sizeMiB: 64 } : each));
  return {
    ...start(app, first),
    env: plain,
    tmpfs: Object.fromEntries(
      [{ path: "/tmp", sizeMiB: 64 }, ...tmpfs].map(({ path, sizeMiB }) => [path, scratch(sizeMiB)]),
    ),
    ...(app.shmMiB !== undefined && { shmMiB: app.shmMiB }),
    reachesHost: app.host.length > 0,
    mounts: app.mounts,
    readOnlyRoot: app.readOnlyRoot,
    ...(app.workingDir !== undefined && { workingDir: app.workingDir }),
    capabilities: app.capabilities.map((capability) => `CAP_${capability.replace(/^CAP_/, "")}`),
    devices: app.devices,
    gpus: app.gpu,
    ...(app.health && { health: healthTest(app.health, first) }),
    ...(app.stopSignal !== undefined && { stopSignal: app.stopSignal }),
    stopGraceSeconds: app.stopGraceSeconds,
    limits: app.limits as Container["limits"],
  };
}

/** What comes before a program that needs the secrets of its environment. */
const launch = () => [
  launcher,
  ...scriptCommand("sh", import.meta.dirname, "launch.sh", [`${configPath}/${environmentFile}`]),
];

/** Without a launcher what is not said is the image's affair; the launcher has to know all of it. */
function start({ entrypoint, command, pinned }: AppConfig, first: string[]): Pick<Container, "entrypoint" | "command"> {
  if (first.length === 0) return { ...(entrypoint && { entrypoint }), ...(command && { command }) };
  const own = entrypoint ?? pinned?.entrypoint ?? [];
  return { entrypoint: first, command: [...own, ...(command ?? (entrypoint ? [] : (pinned?.command ?? [])))] };
}

function card(config: StackConfig, name: string, app: AppConfig): Card {
  const { exposure, services } = config;
  const { route } = app;
  const ports = portsOf(name, app);
  const door = services.caddy && exposure.caddy ? exposure.caddy : undefined;
  const href = route && door && ("path" in route ? `${route.path}/` : `//${route.host}:${door.port}/`);
  return {
    title: name,
    what: "An app of yours.",
    places: [
      ["Containers", route ? `${name}:${route.port}` : name],
      ...Object.keys(ports).flatMap((key) => onThisMachine(hostAddress(config, { name, ports }, key))),
    ],
    links: href ? [{ text: `Open ${name}`, href }] : [],
  };
}
