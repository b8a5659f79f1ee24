// Qdrant's and Vikunja's part of the configuration.
import { z } from "zod";

export const qdrant = z.strictObject({
  dashboard: z.boolean().default(true).describe("Serve Qdrant's web UI; it shows nothing without a key"),
});
