// Qdrant's keys in the configuration: `xnai:qdrant`.
import { z } from "zod";

export const qdrantKeys = z.strictObject({
  dashboard: z.boolean().default(true).describe("Serve Qdrant's web UI; it shows nothing without a key"),
  logLevel: z.enum(["TRACE", "DEBUG", "INFO", "WARN", "ERROR"]).default("INFO").describe("The least that Qdrant logs"),
});

export type QdrantConfig = z.infer<typeof qdrantKeys>;

declare module "../config/keys/base.ts" {
  interface ServiceKeys {
    qdrant: QdrantConfig;
  }
}
