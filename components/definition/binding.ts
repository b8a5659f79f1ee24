// Where a service can be reached on the host: worked out here, once, from its ports and `exposure.<service>`. Pure.
import { isEveryInterface, sameAddress } from "../../lib/addresses.ts";
import type { StackConfig } from "../config/keys/base.ts";

/** A port that a service may publish. TCP. */
export interface Port {
  /** Inside the container. */
  container: number;
  /** On the host, unless the configuration says otherwise. */
  host: number;
}

/** By key below `exposure.<service>`. */
export type Ports = Record<string, Port>;

/** One published port. */
export interface Binding {
  service: string;
  /** Key below `exposure.<service>`: `port`, `grpcPort`. */
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
    .map(([key, port]) => ({
      service: name,
      key,
      address: exposed.address,
      port: exposed[key] as number,
      containerPort: port.container,
    }))
    .toSorted((a, b) => a.containerPort - b.containerPort);
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
  const binding = serviceBindings(config, service).find((each) => each.key === key);
  return binding && `${browserHost(binding.address)}:${binding.port}`;
}

function browserHost(address: string): string {
  if (sameAddress(address, "127.0.0.1") || sameAddress(address, "::1") || isEveryInterface(address)) return "localhost";
  return address.includes(":") ? `[${address}]` : address;
}
