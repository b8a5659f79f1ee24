// The options of `npm run bench`.
import { parseArgs } from "node:util";

export interface Options {
  rounds: number;
  /** Names of parts. */
  only: string[];
  cold: boolean;
  json: string | undefined;
  write: boolean;
}

/** From the command line. @throws Error for an option or a part that there is not, or for a page of some parts only */
export function readOptions(parts: readonly string[]): Options {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "5" },
      only: { type: "string" },
      cold: { type: "boolean", default: false },
      json: { type: "string" },
      write: { type: "boolean", default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds ${values.rounds}: a whole number from 1`);
  const strange = values.only?.split(",").filter((name) => !parts.includes(name)) ?? [];
  if (strange.length > 0) throw new Error(`no part ${strange}; there are ${parts.join(", ")}`);
  if (values.write && values.only) throw new Error("--write needs all parts: leave --only away");
  return { ...values, rounds, only: values.only?.split(",") ?? [...parts], json: values.json };
}
