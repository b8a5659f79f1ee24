// Paths of the front door.
import { z } from "zod";

/** `/api`: everything below it. */
export const routePath = z
  .string()
  .regex(
    /^\/[A-Za-z0-9._~-]+(\/[A-Za-z0-9._~-]+)*$/,
    "a path such as /api: letters, digits and . _ ~ - between slashes, without a slash at the end",
  )
  .refine((value) => !value.split("/").some((part) => part === "." || part === ".."), "dot segments are not allowed");

/** Paths that the stack itself answers; a route of the user cannot take them. */
const reservedPaths = ["/vikunja", "/healthz"];

/** The reserved path that a path takes, or lies below; undefined if it takes none. Caddy compares without regard to case. */
export const reservedBy = (path: string): string | undefined =>
  reservedPaths.find((taken) => path.toLowerCase() === taken || path.toLowerCase().startsWith(`${taken}/`));
