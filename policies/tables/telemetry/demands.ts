// How the tables of products say what has to be set, and what may not be.
import type { ProductInput } from "../../settings.ts";

type Demand = NonNullable<ProductInput["require"]>[number];

/** Values that switch something on, or off, by whatever program they are read. */
export const yes = ["true", "1", "yes", "on"];
export const no = ["false", "0", "no", "off"];

/** What most products send. */
export const usage = "sends usage statistics";

/**
 * An environment variable that must have one of `values`, or one of `others` that does the same.
 * @param what what is sent without it, as it continues "which ..."
 */
export function mustSet(name: string, values: string[], what: string, others: Demand["anyOf"] = []): Demand {
  return { what, anyOf: [{ env: name, values }, ...others], write: `${name}=${values[0]}` };
}

/** Environment variables that may not have one of `values`; if `values` is empty, that may not be there at all. */
export function mustNotSet(names: string[], what: string, values = yes): Demand {
  return { what, anyOf: names.map((name) => ({ env: name, values })) };
}
