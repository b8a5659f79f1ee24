// Caddy's keys in the configuration, `xnai:caddy`: which path goes to which container, headers, names, TLS.
import { z } from "zod";
import { alsoWhenWrong, type Unchecked } from "../config/keys/checks.ts";
import { reservedBy, routePath } from "../config/keys/route-path.ts";

const route = z.strictObject({
  path: routePath.describe("Everything below this path goes to the upstream"),
  upstream: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*:[0-9]{1,5}$/, "container:port, such as xnai_rag_api:8000")
    .refine((value) => {
      const port = Number(/:([0-9]+)$/.exec(value)?.[1] ?? 1);
      return port >= 1 && port <= 65_535;
    }, "a port from 1 to 65535")
    .describe("Container and port on the stack's network"),
  stripPrefix: z.boolean().default(false).describe("Remove the path before the request is passed on"),
});
export type Route = z.infer<typeof route>;

/** Caddy replaces what stands in braces, and has no way to write every backslash. */
const headerText = z.string().regex(/^[^\P{ASCII}\p{Cc}\\{}]+$/u, "a line of printable ASCII, without \\ { }");
/** A hyphen in front would make Caddy remove the header. */
const headerName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]*$/, "a header name: letters, digits, hyphens");

/** Caddy compares paths without regard to case. */
const lower = (path: unknown) => (typeof path === "string" ? path.toLowerCase() : undefined);

/** What is wrong with a route beside the others. */
function misplaced(paths: (string | undefined)[], index: number): string | undefined {
  const path = paths[index];
  if (path === undefined) return undefined;
  const reserved = reservedBy(path);
  if (reserved) return `${reserved} belongs to the stack itself: choose another path`;
  const twin = paths.indexOf(path);
  return twin < index ? `it is already routed by caddy.routes[${twin}]` : undefined;
}

/** Routes of a stack that names none: to containers that its user starts, until an app takes their place. */
export const builtInRoutes: Route[] = [
  { path: "/api", upstream: "xnai_rag_api:8000", stripPrefix: false },
  { path: "/chainlit", upstream: "xnai_chainlit_ui:8001", stripPrefix: false },
];

export const caddyKeys = z.strictObject({
  routes: z
    .array(route)
    .default(builtInRoutes)
    .superRefine((routes: unknown, context) => {
      if (!Array.isArray(routes)) return;
      const paths = routes.map((item: Unchecked) => lower(item?.path));
      paths.forEach((_, index) => {
        const message = misplaced(paths, index);
        if (message) context.addIssue({ code: "custom", path: [index, "path"], message });
      });
    }, alsoWhenWrong)
    .describe("Routes to your own containers; a container that is not there answers 502"),
  hosts: z
    .array(
      z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, "a host name in lower case without a port, such as box.lan"),
    )
    .default([])
    .describe("More names under which browsers may ask for the front door, besides localhost and addresses"),
  securityHeaders: z
    .record(headerName, z.union([headerText, z.literal(false)]))
    .default({})
    .describe("Response headers over the defaults; false removes one"),
  tls: z
    .enum(["off", "internal"])
    .default("off")
    .describe("internal: HTTPS with a certificate from Caddy's own authority; nothing is asked from outside"),
});

export type CaddyConfig = z.infer<typeof caddyKeys>;

declare module "../config/keys/base.ts" {
  interface ServiceKeys {
    caddy: CaddyConfig;
  }
}
