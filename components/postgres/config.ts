// What an app may say of its database, `xnai:apps.<name>.database`.
import { z } from "zod";

export const databaseKeys = z
  .strictObject({
    name: z
      .string()
      .regex(/^(?!pg_)[a-z_][a-z0-9_]{0,62}$/, "up to 63 lower-case letters, digits and _, no digit first, not pg_...")
      .optional()
      .describe(
        "Name of the database, and of the role that owns it; the app's name unless given. Another one is another database",
      ),
    extensions: z
      .array(z.string().regex(/^[a-z][a-z0-9_-]*$/, "a name such as pg_trgm"))
      .default([])
      .describe("Extensions that it has; the image of Postgres has to bring them"),
    of: z
      .string()
      .optional()
      .describe("For a task, such as a migration: the app whose database it works on, with that app's role"),
  })
  .optional()
  .describe("A database of its own, which outlives it");

declare module "../config/keys/base.ts" {
  interface KeysForApps {
    database?: z.infer<typeof databaseKeys>;
  }
}

/** Name of the database of an app. @param own as the app says */
export const databaseName = (app: string, own: string | undefined) => own ?? app.replaceAll("-", "_");
