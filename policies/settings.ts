// What several rules share and a user may set once, under the key `settings` of the policy configuration.
import { z } from "zod";
import { engineTraits } from "../lib/engine/traits.ts";

const isoDate = z.iso.date({ error: "a date such as 2026-12-31" });

/** A violation that is known and accepted for a while. */
export const exemption = z.strictObject({
  rule: z.string().min(1).describe("Name of the rule"),
  resource: z.string().min(1).describe("Name of the container, volume, network or image, its Pulumi name, or its URN"),
  reason: z
    .string()
    .min(10, "at least ten characters: somebody will ask why")
    .describe("Why the rule may be broken here"),
  expires: isoDate.describe("Last day on which the exemption counts; afterwards the violation is back"),
});
export type Exemption = z.infer<typeof exemption>;

/** A setting of a product, as it is made in the environment, on the command line, or in a file that is copied in. */
export const setting = z.strictObject({
  env: z.string().optional().describe("Environment variable; * matches any run of letters, digits and underscores"),
  flag: z.string().optional().describe("Command-line option, such as --disable-telemetry or --telemetry=false"),
  file: z
    .string()
    .refine(isExpression, "a regular expression")
    .optional()
    .describe("Regular expression for a line of an uploaded file"),
  values: z
    .array(z.string())
    .default([])
    .describe("Values of the variable that count, compared without case; empty: any value that is not empty"),
});
export type Setting = z.infer<typeof setting>;

/** What a product sends, and the settings that decide about it. */
const demand = z.strictObject({
  what: z.string().min(1).describe("What it sends or asks, as it continues 'which ...'"),
  anyOf: z.array(setting).min(1).describe("Settings of which one must (require) or none may (deny) be there"),
  write: z.string().default("").describe("What to set; for deny empty: remove what was found"),
});
export type Demand = z.infer<typeof demand>;

/** A product that may call home, and how it is told not to. */
export const product = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "lower-case letters, digits and hyphens"),
  title: z.string().min(1),
  images: z
    .array(z.string().min(1))
    .default([])
    .describe("Last parts of image names, such as qdrant; * matches any run"),
  everywhere: z.boolean().default(false).describe("A library: what it denies is denied for every image"),
  require: z.array(demand).default([]).describe("What must be switched off"),
  deny: z.array(demand).default([]).describe("What must not be switched on"),
  lacks: z
    .array(z.string())
    .default([])
    .describe("Programs that health checks like to call and the image does not have"),
  probe: z.array(z.string()).default([]).describe("A health check that its image can run, as words: redis-cli, ping"),
  source: z.string().default("").describe("Where this is documented"),
});
export type Product = z.infer<typeof product>;
/** A product as it is written down: what has a default may be left out. */
export type ProductInput = z.input<typeof product>;

/** The key of what several rules share. */
export const settingsKey = "settings";
/** The key of a level for every rule that is not named. */
export const allRulesKey = "all";

/** What several rules share. */
export const settings = z.strictObject({
  engine: engineTraits.prefault({}).describe("Engine that the containers are for"),
  egress: z
    .array(z.string().min(1))
    .default([])
    .describe("Services or containers that may reach outside of the host on purpose"),
  exemptions: z.array(exemption).default([]).describe("Violations that are known and accepted for a while"),
  products: z
    .array(product)
    .default([])
    .describe("More products for the zero-telemetry rules; replaces one of the same id"),
});
export type Settings = z.infer<typeof settings>;

function isExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
