// Consul's keys in the configuration: `xnai:consul`.
import { z } from "zod";

export const consulKeys = z.strictObject({
  ui: z.boolean().default(true).describe("Serve Consul's web UI; it shows nothing without a token"),
});

declare module "../config/keys/base.ts" {
  interface ServiceKeys {
    consul: z.infer<typeof consulKeys>;
  }
}
