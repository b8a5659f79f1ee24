// Where each service can be reached on the host. Loopback unless the user says otherwise, and then only for services whose
// definition allows it: the front door.
import { isIP } from "node:net";
import { z } from "zod";
import { reach } from "../../../lib/addresses.ts";
import { alsoWhenWrong, type Unchecked } from "./checks.ts";

/** `exposure.<service>`: false publishes nothing; otherwise an address, and a host port for each port of the service. */
export type Exposure = Record<string, false | { address: string; public?: boolean; [port: string]: unknown }>;

/** Key below `exposure.<service>` -> the port on the host, unless the user names another. */
type HostPorts = Record<string, { host: number }>;

/** What a service's definition says about publishing. */
interface Publisher {
  name: string;
  ports?: HostPorts;
  beyondLoopback?: boolean;
}

const port = z.int().min(1).max(65_535);

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
    })
    .superRefine((value: Unchecked, context) => {
      const address = value?.address;
      if (typeof address !== "string" || isIP(address) === 0 || reach(address) !== "public") return;
      if (value?.public === true) return;
      context.addIssue({
        code: "custom",
        path: ["address"],
        input: address,
        message: `it can be reached by everybody. Use 127.0.0.1 or a private address, or set exposure.${name}.public: true if you mean it`,
      });
    }, alsoWhenWrong);

/** The schema of `exposure`, for the services among these that can publish. */
export function exposureSchema(services: readonly Publisher[]): z.ZodType<Exposure> {
  const publishers = services.flatMap(({ name, ports, beyondLoopback }) =>
    ports ? [{ name, ports, beyondLoopback }] : [],
  );
  const mayLeave = publishers.flatMap(({ name, beyondLoopback }) => (beyondLoopback ? [name] : [])).join(", ");
  const keys = publishers.map(({ name, ports, beyondLoopback }) => {
    const binding = beyondLoopback ? anywhere(name, ports) : onLoopback(ports, mayLeave);
    return [name, z.union([z.literal(false), binding]).prefault({})] as const;
  });
  return z
    .strictObject(Object.fromEntries(keys))
    .superRefine((value: Unchecked, context) => {
      for (const { message, ...clash } of portClashes(value, publishers))
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
