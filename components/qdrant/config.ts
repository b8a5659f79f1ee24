// Qdrant's keys in the configuration: `xnai:qdrant`.
import { z } from "zod";

export const qdrantKeys = z.strictObject({
  dashboard: z.boolean().default(true).describe("Serve Qdrant's web UI; it shows nothing without a key"),
  logLevel: z.enum(["TRACE", "DEBUG", "INFO", "WARN", "ERROR"]).default("INFO").describe("The least that Qdrant logs"),
});

export type QdrantConfig = z.infer<typeof qdrantKeys>;

/** https://qdrant.tech/documentation/concepts/collections: a name is part of a path, and of a directory's name. */
const collectionName = z
  .string()
  .max(255)
  .regex(/^(?!xnai_)[A-Za-z0-9][A-Za-z0-9._-]*$/, "a name of letters, digits and . _ -, not beginning with xnai_");

const collection = z.strictObject({
  access: z.enum(["read", "write"]).default("write").describe("Read: it may search there, and change nothing"),
  size: z
    .int()
    .min(1)
    .max(65_536)
    .optional()
    .describe("Length of its vectors: the collection is made if it is not there"),
  distance: z.enum(["Cosine", "Dot", "Euclid", "Manhattan"]).default("Cosine").describe("How near two vectors are"),
});

export type AppCollection = z.infer<typeof collection>;

/** What an app may say of Qdrant: `xnai:apps.<name>.qdrant`. */
export const qdrantForApps = z
  .strictObject({
    collections: z
      .record(collectionName, collection)
      .refine((all) => Object.keys(all).length > 0, "at least one collection")
      .describe("What it may use, by name; nothing else is there for it"),
  })
  .describe("Its token in Qdrant: `key` is then no longer the one that opens everything");

declare module "../config/keys/base.ts" {
  interface ServiceKeys {
    qdrant: QdrantConfig;
  }
  interface KeysForApps {
    qdrant?: z.infer<typeof qdrantForApps> | undefined;
  }
}
