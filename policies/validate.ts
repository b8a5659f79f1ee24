// Checks a part of a configuration, and says what is wrong with it in sentences.
import type { z } from "zod";

/** The parsed value; or undefined, after adding what is wrong to `problems`, each as `<at>.<key>: <what>`. */
export function validate<T>(schema: z.ZodType<T>, value: unknown, at: string, problems: string[]): T | undefined {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const { path, message } of result.error.issues) {
    problems.push(`${[at, ...path.map(String)].join(".")}: ${message}`);
  }
  return undefined;
}
