// The services that a stack consists of, in the order in which people are shown them. A new service is a folder with a
// definition.ts, and a line here.
import { appsOf } from "./apps/definition.ts";
import { caddy } from "./caddy/definition.ts";
import type { StackConfig } from "./config/keys/base.ts";
import { consul } from "./consul/definition.ts";
import { answersRouters, type Binding, serviceBindings } from "./definition/binding.ts";
import type { ServiceDefinition } from "./definition/service.ts";
import { postgres } from "./postgres/definition.ts";
import { qdrant } from "./qdrant/definition.ts";
import { redis } from "./redis/definition.ts";
import { vikunja } from "./vikunja/definition.ts";

/** The services that come with the stack: the keys of the configuration are made from these. */
export const services: readonly ServiceDefinition[] = [caddy, redis, vikunja, postgres, qdrant, consul];

/** Made once for each configuration: each of the many who ask would otherwise make all apps anew. */
const made = new WeakMap<StackConfig, readonly ServiceDefinition[]>();

/** The services of one stack, whether they are on or off, and its apps. */
export function definitionsOf(config: StackConfig): readonly ServiceDefinition[] {
  const known = made.get(config);
  if (known) return known;
  const all = [...services, ...appsOf(config, services)];
  made.set(config, all);
  return all;
}

/** The services of one stack that are on. */
export const servicesOn = (config: StackConfig): readonly ServiceDefinition[] =>
  definitionsOf(config).filter(({ name }) => config.services[name]);

/** Every port that the stack publishes on the host. */
export const bindingsOf = (config: StackConfig): Binding[] =>
  definitionsOf(config).flatMap((service) => serviceBindings(config, service));

/** Names of the services whose packets leave for clients behind a router; an engine without root sends packets of its own. */
export const routedServices = (config: StackConfig): string[] =>
  (config.engine.rootless ? [] : definitionsOf(config)).flatMap((service) =>
    answersRouters(config, service) ? [service.name] : [],
  );
