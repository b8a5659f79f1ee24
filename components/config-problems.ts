// Turns what zod found into one sentence per problem: the key, the wrong value, what is allowed, the nearest known key.
import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";

/** One problem of the configuration, in words. */
export type Problem = { key: string; message: string };

/** `exposure.caddy.port`, `caddy.routes[0].path`. */
const keyOf = (path: PropertyKey[]) =>
  path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    "",
  );

/** The keys that `schema` knows at `path`, through defaults, optionals and unions. */
function knownKeys(schema: z.core.$ZodType, path: PropertyKey[]): string[] {
  const def = (schema as z.ZodType).def as unknown as {
    type: string;
    innerType?: z.core.$ZodType;
    shape?: Record<string, z.core.$ZodType>;
    options?: z.core.$ZodType[];
    element?: z.core.$ZodType;
    valueType?: z.core.$ZodType;
    keyType?: z.ZodEnum;
  };
  if (def.innerType) return knownKeys(def.innerType, path);
  if (def.options) return def.options.flatMap((option) => knownKeys(option, path));
  const [head, ...rest] = path;
  if (def.shape) {
    if (head === undefined) return Object.keys(def.shape);
    const next = def.shape[String(head)];
    return next ? knownKeys(next, rest) : [];
  }
  if (head === undefined) return (def.keyType?.options ?? []).map(String);
  const next = def.element ?? def.valueType;
  return next ? knownKeys(next, rest) : [];
}

/** The nearest of `known` to `key`, if it is near enough to be a typo. */
export function nearest(key: string, known: string[]): string | undefined {
  if (known.length === 0) return undefined;
  const best = closest(
    key.toLowerCase(),
    known.map((item) => item.toLowerCase()),
  );
  const found = known.find((item) => item.toLowerCase() === best);
  return found && distance(key.toLowerCase(), best) <= Math.max(2, Math.floor(key.length / 3)) ? found : undefined;
}

const shown = (value: unknown) => {
  const text = JSON.stringify(value);
  return text === undefined ? "nothing" : text.length > 80 ? `${text.slice(0, 77)}...` : text;
};

const valueAt = (input: unknown, path: PropertyKey[]) =>
  path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part], input);

function describe(schema: z.ZodType, input: unknown, issue: z.core.$ZodIssue, base: PropertyKey[]): Problem[] {
  const path = [...base, ...issue.path];
  const value = valueAt(input, path);
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(schema, path);
    return issue.keys.map((key) => {
      const near = nearest(key, known);
      const hint = near ? `did you mean ${keyOf([...path, near])}?` : `known here: ${known.join(", ")}`;
      return { key: keyOf([...path, key]), message: `is not a key of the configuration; ${hint}` };
    });
  }
  if (issue.code === "invalid_union") {
    const branch = issue.errors.toSorted((a, b) => depth(b) - depth(a))[0];
    if (branch && typeof value === "object") return branch.flatMap((inner) => describe(schema, input, inner, path));
    return [
      {
        key: keyOf(path),
        message: `is ${shown(value)}; allowed is false, or an object with ${knownKeys(schema, path).join(", ")}`,
      },
    ];
  }
  if (issue.code === "custom" || issue.code === "invalid_format") {
    const allowedForm = /^(an?|\d+ to) /.test(issue.message);
    return [{ key: keyOf(path), message: `is ${shown(value)}; ${allowedForm ? "allowed is " : ""}${issue.message}` }];
  }
  return [{ key: keyOf(path), message: `is ${shown(value)}; ${allowed(issue)}` }];
}

/** A branch of a union that got further into the value is the one that was meant. */
const depth = (issues: z.core.$ZodIssue[]) =>
  Math.max(
    ...issues.map((issue) => (issue.code === "invalid_type" && issue.path.length === 0 ? 0 : 1 + issue.path.length)),
  );

function allowed(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `a value of type ${issue.expected} is wanted`;
    case "invalid_value":
      return `allowed are ${issue.values.map((value) => shown(value)).join(", ")}`;
    case "too_small":
      return issue.message.startsWith("Too small") ? `the least allowed is ${issue.minimum}` : issue.message;
    case "too_big":
      return `the most allowed is ${issue.maximum}`;
    default:
      return issue.message;
  }
}

/** Every problem of `input` under `schema`; empty when it is right. */
export function problemsOf(schema: z.ZodType, input: unknown, error: z.ZodError): Problem[] {
  return error.issues.flatMap((issue) => describe(schema, input, issue, []));
}
