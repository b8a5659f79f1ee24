// What `--policy-pack-config` says for each policy. Pulumi checks it against a JSON schema only, which is checked again
// here by the schema that it was made from.
import type { PolicyConfigSchema } from "@pulumi/policy";
import { z } from "zod";
import { validate } from "../../validate.ts";

/** Parses the configuration of policies, and remembers it: it comes with every resource, and hardly ever changes. */
export class Configuration {
  /** By policy: the text of what it was given last, and what that means. */
  readonly #parsed = new Map<string, { text: string; value: unknown }>();

  /**
   * The configuration of the policy `name`, without its level.
   * @throws PackConfigError with everything that is wrong in it
   */
  of<T>(name: string, schema: z.ZodType<T>, { enforcementLevel: _, ...config }: Record<string, unknown>): T {
    const text = JSON.stringify(config);
    const last = this.#parsed.get(name);
    if (last?.text === text) return last.value as T;
    const problems: string[] = [];
    const value = validate(schema, config, name, problems);
    if (value === undefined) throw new PackConfigError(problems);
    this.#parsed.set(name, { text, value });
    return value;
  }
}

/** A configuration that cannot be used. Pulumi prints the stack of an error: here it is the sentences alone. */
export class PackConfigError extends Error {
  constructor(problems: string[]) {
    super(`The configuration of the policies cannot be used: ${problems.join("; ")}`);
    this.stack = this.message;
  }
}

/** Parameters as the JSON schema by which the Pulumi CLI checks `--policy-pack-config`. */
export function configSchema(schema: z.ZodType): PolicyConfigSchema {
  const { properties = {} } = z.toJSONSchema(schema, { io: "input", target: "draft-7" });
  return { properties: properties as PolicyConfigSchema["properties"] };
}
