// Where each service can be reached on the host. Loopback unless the user says otherwise, and then only for services whose
// definition allows it: the front door.
import { isIP } from "node:net";
import { z } from "zod";
import { reach } from "../../../lib/addresses.ts";
import { alsoWhenWrong, type Unchecked } from "./checks.ts";

/** `exposure.<service>`: false publishes nothing; otherwise an address, and a host port for each port of the service. */
export type Exposure = Record<
  string,
  false | { address: string; public?: boolean; routed?: boolean; [port: string]: unknown }
>;

/** Key below `exposure.<service>` -> the port on the host, unless the user names another, and the service that it serves instead. */
type HostPorts = Record<string, { host: number; serves?: { service: string } }>;

/** What a service's definition says about publishing. */
interface Publisher {
  name: string;
  ports?: HostPorts;
  beyondLoopback?: boolean;
}

const port = z.int().min(1).max(65_535);

/** Without those that serve another service. */
const ownPorts = (ports: HostPorts): HostPorts =>
  Object.fromEntries(Object.entries(ports).filter(([, { serves }]) => serves === undefined));

const hostPorts = (ports: HostPorts) =>
  Object.fromEntries(Object.entries(ports).map(([key, { host }]) => [key, port.default(host)]));

/** @param mayLeave names of the services that may listen beyond loopback */
const onLoopback = (ports: HostPorts, mayLeave: string) =>
  z.strictObject({
    address: z
      .string()
      .refine((value) => isIP(value) > 0 && reach(value) === "loopback", {
        error: () =>
          `not a loopback address. Only ${mayLeave} may listen beyond loopback: ` +
          "use 127.0.0.1, and reach this service from elsewhere through an SSH tunnel",
      })
      .default("127.0.0.1"),
    ...hostPorts(ports),
  });

const anywhere = (name: string, ports: HostPorts) =>
  z
    .strictObject({
      address: z
        .string()
        .refine((value) => isIP(value) > 0, "an IP address, such as 127.0.0.1")
        .default("127.0.0.1")
        .describe("Address that it listens on"),
      ...hostPorts(ports),
      public: z.boolean().default(false).describe("Opt-in for an address that the internet may reach"),
      routed: z
        .boolean()
        .default(false)
        .describe("Also answer clients behind a router, of a private address; what it sends may then leave the link"),
    })
    .superRefine((value: Unchecked, context) => {
      const address = value?.address ?? "127.0.0.1";
      if (typeof address !== "string" || isIP(address) === 0) return;
      if (value?.routed === true && reach(address) === "loopback")
        context.addIssue({
          code: "custom",
          path: ["routed"],
          input: true,
          message: `no router leads to ${address}: give exposure.${name}.address an address of this machine's network, or remove it`,
        });
      if (reach(address) !== "public") return;
      if (value?.public === true) return;
      context.addIssue({
        code: "custom",
        path: ["address"],
        input: address,
        message: `it can be reached by everybody. Use 127.0.0.1 or a private address, or set exposure.${name}.public: true if you mean it`,
      });
    }, alsoWhenWrong);

/** A service that another one publishes a port for. */
const published = (by: string, host: number) =>
  z
    .union([z.literal(false), z.strictObject({ port: port.default(host) })])
    .optional()
    .describe(`A port of its own, at exposure.${by}.address; made by itself where no name leads to it`);

/** The schema of `exposure`, for the services among these that can publish, and for those that others publish. */
export function exposureSchema(services: readonly Publisher[]): z.ZodType<Exposure> {
  const publishers = services.flatMap(({ name, ports, beyondLoopback }) =>
    ports ? [{ name, ports: ownPorts(ports), beyondLoopback }] : [],
  );
  const served = services.flatMap(({ name, ports = {} }) =>
    Object.values(ports).flatMap(({ host, serves }) => (serves ? [{ by: name, service: serves.service, host }] : [])),
  );
  const mayLeave = publishers.flatMap(({ name, beyondLoopback }) => (beyondLoopback ? [name] : [])).join(", ");
  const keys = publishers.map(({ name, ports, beyondLoopback }) => {
    const binding = beyondLoopback ? anywhere(name, ports) : onLoopback(ports, mayLeave);
    return [name, z.union([z.literal(false), binding]).prefault({})] as const;
  });
  return z
    .strictObject({
      ...Object.fromEntries(keys),
      ...Object.fromEntries(served.map(({ by, service, host }) => [service, published(by, host)])),
    })
    .superRefine((value: Unchecked, context) => {
      const others = served.flatMap(({ service, host }) =>
        value?.[service] ? [{ name: service, ports: { port: { host } } }] : [],
      );
      for (const { message, ...clash } of portClashes(value, [...publishers, ...others]))
        context.addIssue({ code: "custom", message, ...clash });
    }, alsoWhenWrong)
    .describe("Where services can be reached on the host; false publishes nothing") as unknown as z.ZodType<Exposure>;
}

/** Host ports that are given twice. */
function portClashes(value: Unchecked, publishers: { name: string; ports: HostPorts }[]) {
  const taken = new Map<number, string>();
  const clashes: { path: string[]; input: number; message: string }[] = [];
  for (const { name, ports } of publishers) {
    const binding = value?.[name] as Unchecked | false;
    if (binding === false) continue;
    for (const [key, { host }] of Object.entries(ports)) {
      const number = binding?.[key] ?? host;
      if (typeof number !== "number") continue;
      const other = taken.get(number);
      if (other)
        clashes.push({
          path: [name, key],
          input: number,
          message: `port ${number} is already taken by ${other}: give one of them another port, or publish only one (exposure.${name}: false)`,
        });
      else taken.set(number, `exposure.${name}.${key}`);
    }
  }
  return clashes;
}
