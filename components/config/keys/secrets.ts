// Secrets that the user brings along, or has generated, for apps: `xnai:secrets`.
import { z } from "zod";

/** Longest that is generated, in characters. */
const longest = 256;

/**
 * A secret by its name: its value as the program gets it from Pulumi, encrypted as it stands in the file, or how long a
 * generated one is.
 */
export const secretKeys = z
  .record(
    z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, "a name of letters, digits and underscores, a letter first"),
    z.union([
      z.string().min(1),
      z.strictObject({ secure: z.string().describe("As Pulumi encrypts it") }),
      z.strictObject({
        generate: z.int().min(16).max(longest).describe("Length of a secret of letters and digits"),
        rotation: z.int().min(0).default(0).describe("Raise it to renew the secret"),
      }),
    ]),
  )
  .default({})
  .describe("Secrets for apps: pulumi config set --secret --path xnai:secrets.NAME, or { generate: 32 }");
export type UserSecrets = z.infer<typeof secretKeys>;

/** By which name an app's environment refers to one, and the program keeps it. */
export const secretReference = (name: string) => `secrets.${name}`;

declare module "./base.ts" {
  interface ServiceKeys {
    secrets: UserSecrets;
  }
}
