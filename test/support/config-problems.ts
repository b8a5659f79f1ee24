// What is wrong with a configuration, as tests compare it.
import { ConfigError, parseConfig } from "../../components/config/parse.ts";

/**
 * `key message`, one for each problem; empty when there is none.
 * @param values without the `xnai:` in front of each key
 * @param parse another copy of the parser, for a test that loads it anew
 */
export function configProblems(values: Record<string, unknown>, parse = parseConfig): string[] {
  try {
    parse(values);
  } catch (error) {
    // By name: the class of another copy is another one.
    if (error instanceof Error && error.name === ConfigError.name)
      return (error as ConfigError).problems.map(({ key, message }) => `${key} ${message}`);
    throw error;
  }
  return [];
}
