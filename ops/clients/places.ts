// Where this machine reaches the services of a stack: the ports that they publish. Pure.
import type { StackConfig } from "../../components/config/keys/base.ts";
import { serviceBindings } from "../../components/definition/binding.ts";
import { services } from "../../components/services.ts";
import { isEveryInterface } from "../../lib/addresses.ts";

/** IP address and port. */
export interface Published {
  host: string;
  port: number;
}

/**
 * Where a service publishes a port; undefined when it is off or publishes none.
 * @param key of the port in the service's definition: `port`, `grpcPort`
 */
export function publishedAt(config: StackConfig, service: string, key = "port"): Published | undefined {
  const definition = services.find(({ name }) => name === service);
  const inside = definition?.ports?.[key]?.container;
  const found = definition && serviceBindings(config, definition).find(({ containerPort }) => containerPort === inside);
  if (!found) return undefined;
  const { address, port } = found;
  const bare = address.replace(/^\[(.*)\]$/, "$1");
  return { host: isEveryInterface(bare) ? (bare.includes(":") ? "::1" : "127.0.0.1") : bare, port };
}
