// Where each service can be reached on the host. Loopback unless the user says otherwise, and then Caddy alone.
import { isIP } from "node:net";
import { z } from "zod";
import { reach } from "../../lib/addresses.ts";
import { publishablePorts } from "../constants.ts";
import { alsoWhenWrong, type Unchecked } from "./problems.ts";

export { reach };

const port = z.int().min(1).max(65_535);

const loopbackAddress = z
  .string()
  .refine((value) => isIP(value) > 0 && reach(value) === "loopback", {
    error: () =>
      `not a loopback address. Only caddy may listen beyond loopback: ` +
      "use 127.0.0.1, and reach this service from elsewhere through an SSH tunnel",
  })
  .default("127.0.0.1");

const off = z.literal(false);

const caddy = z
  .strictObject({
    address: z
      .string()
      .refine((value) => isIP(value) > 0, "an IP address, such as 127.0.0.1")
      .default("127.0.0.1")
      .describe("Address that Caddy listens on"),
    port: port.default(8000),
    public: z.boolean().default(false).describe("Opt-in for an address that the internet may reach"),
  })
  .superRefine((value: Unchecked, context) => {
    const address = value?.address;
    if (typeof address !== "string" || isIP(address) === 0 || reach(address) !== "public" || value?.public === true)
      return;
    context.addIssue({
      code: "custom",
      path: ["address"],
      input: address,
      message: `it can be reached by everybody. Use 127.0.0.1 or a private address, or set exposure.caddy.public: true if you mean it`,
    });
  }, alsoWhenWrong);

const loopback = (defaultPort: number) => z.strictObject({ address: loopbackAddress, port: port.default(defaultPort) });

export const exposure = z
  .strictObject({
    caddy: z.union([off, caddy]).prefault({}),
    redis: z.union([off, loopback(6379)]).prefault({}),
    consul: z.union([off, loopback(8500)]).prefault({}),
    qdrant: z.union([off, loopback(6333).extend({ grpcPort: port.default(6334) })]).prefault({}),
  })
  .superRefine((value: Unchecked, context) => {
    const taken = new Map<number, string>();
    for (const [service, ports] of Object.entries(publishablePorts)) {
      const binding = value?.[service] as Unchecked | false;
      if (binding === false) continue;
      for (const [key, usual] of Object.entries(ports)) {
        const number = binding?.[key] ?? usual;
        if (typeof number !== "number") continue;
        const other = taken.get(number);
        if (other)
          context.addIssue({
            code: "custom",
            path: [service, key],
            input: number,
            message: `port ${number} is already taken by ${other}: give one of them another port, or publish only one (exposure.${service}: false)`,
          });
        else taken.set(number, `exposure.${service}.${key}`);
      }
    }
  }, alsoWhenWrong)
  .describe("Where services can be reached on the host; false publishes nothing");

export type Exposure = z.infer<typeof exposure>;
