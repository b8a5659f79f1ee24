// Where a service can be reached on the host: worked out here, once, from its ports and `exposure.<service>`. Pure.
import { isEveryInterface, reach, sameAddress } from "../../lib/addresses.ts";
import type { StackConfig } from "../config/keys/base.ts";

/** A port that a service may publish. TCP. */
export interface Port {
  /** Inside the container. */
  container: number;
  /** On the host, unless the configuration says otherwise. */
  host: number;
  /**
   * Of a port that serves another service, and so stands below `exposure.<that service>`: its name, and the port on the host
   * with this configuration, undefined when it is not published.
   */
  serves?: { service: string; port: (config: StackConfig) => number | undefined };
  /** Where its number on the host is set. @default `exposure.<service>.<key>` */
  setBy?: string;
}

/** By key below `exposure.<service>`. */
export type Ports = Record<string, Port>;

/** One published port. */
export interface Binding {
  service: string;
  /** Where it is set: `exposure.redis.port`, `exposure.qdrant.grpcPort`. */
  key: string;
  /** IP address that it listens on. */
  address: string;
  /** On the host. */
  port: number;
  containerPort: number;
}

/** What a definition says about ports. */
interface Publishing {
  name: string;
  ports?: Ports;
}

/** The ports that a service publishes; none when it is off or `exposure.<service>` is false. Sorted by container port. */
export function serviceBindings(config: StackConfig, { name, ports = {} }: Publishing): Binding[] {
  const exposed = config.exposure[name];
  if (!exposed || !config.services[name]) return [];
  return Object.entries(ports)
    .flatMap(([key, { container, serves, setBy = `exposure.${name}.${key}` }]) => {
      const port = serves ? serves.port(config) : (exposed[key] as number);
      if (port === undefined) return [];
      const setting = serves ? `exposure.${serves.service}.port` : setBy;
      return [{ service: name, key: setting, address: exposed.address, port, containerPort: container }];
    })
    .toSorted((a, b) => a.containerPort - b.containerPort);
}

/**
 * Whether a service answers clients behind a router, as `public` and `routed` promise: its packets then take as many hops as
 * they need, and others on the same link are not the only ones that they reach.
 */
export function answersRouters(config: StackConfig, service: Publishing): boolean {
  const exposed = config.exposure[service.name] || undefined;
  if (!exposed?.public && !exposed?.routed) return false;
  return serviceBindings(config, service).some(({ address }) => reach(address) !== "loopback");
}

/** Service -> the container ports that it may publish; without the services that publish none. */
export function publishersOf(services: readonly Publishing[]): Record<string, number[]> {
  return Object.fromEntries(
    services.flatMap(({ name, ports = {} }) => {
      const containerPorts = Object.values(ports).map(({ container }) => container);
      return containerPorts.length > 0 ? [[name, containerPorts]] : [];
    }),
  );
}

/** `localhost:6379`, as a browser or a client on this host writes it; undefined when it is not published. */
export function hostAddress(config: StackConfig, service: Publishing, key = "port"): string | undefined {
  const inside = service.ports?.[key]?.container;
  const binding = serviceBindings(config, service).find(({ containerPort }) => containerPort === inside);
  return binding && `${browserHost(binding.address)}:${binding.port}`;
}

function browserHost(address: string): string {
  if (sameAddress(address, "127.0.0.1") || sameAddress(address, "::1") || isEveryInterface(address)) return "localhost";
  return address.includes(":") ? `[${address}]` : address;
}
