// Where an app is found behind the front door.
import { z } from "zod";
import { routePath } from "../config/keys/route-path.ts";

const port = z.int().min(1).max(65_535).describe("Port on which it listens in its container");

const maxUploadMiB = z
  .int()
  .min(1)
  .max(1_048_576)
  .optional()
  .describe("Largest body of a request, in MiB; 64 MB unless given");

/** A path, or a host name of its own. */
export const route = z
  .union([
    z.strictObject({
      path: routePath.describe("Everything below this path of the front door goes to it"),
      port: port.optional(),
      stripPrefix: z.boolean().default(false).describe("Remove the path before the request is passed on"),
      maxUploadMiB,
    }),
    z.strictObject({
      host: z
        .string()
        .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, "a host name in lower case without a port, such as chat.localhost")
        .describe("Everything that is asked for under this name goes to it"),
      port: port.optional(),
      maxUploadMiB,
    }),
  ])
  .describe("Where it is found behind the front door");
export type AppRoute = z.infer<typeof route>;
