// Turns what zod found into one sentence per problem: the key, the wrong value, what is allowed, the nearest known key.
import { inspect } from "node:util";
import type { z } from "zod";
import { nearest } from "../../lib/nearest.ts";

/** One problem of the configuration, in words. */
export type Problem = { key: string; message: string };

/** `exposure.caddy.port`, `caddy.routes[0].path`. */
const keyOf = (path: PropertyKey[]) =>
  path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    "",
  );

/** As much of a zod definition as is looked at here. */
interface Definition {
  type: string;
  innerType?: z.core.$ZodType;
  shape?: Record<string, z.core.$ZodType>;
  options?: z.core.$ZodType[];
  element?: z.core.$ZodType;
  valueType?: z.core.$ZodType;
  keyType?: z.ZodEnum;
  values?: unknown[];
}

/** What may stand at `path`, through defaults, optionals and unions. */
function definitionsAt(schema: z.core.$ZodType, path: PropertyKey[]): Definition[] {
  const def = (schema as z.ZodType).def as unknown as Definition;
  if (def.innerType) return definitionsAt(def.innerType, path);
  if (def.options) return def.options.flatMap((option) => definitionsAt(option, path));
  const [head, ...rest] = path;
  if (head === undefined) return [def];
  const next = def.shape ? def.shape[String(head)] : (def.element ?? def.valueType);
  return next ? definitionsAt(next, rest) : [];
}

const keysOf = (def: Definition) => (def.shape ? Object.keys(def.shape) : (def.keyType?.options ?? []).map(String));

const knownKeys = (schema: z.core.$ZodType, path: PropertyKey[]) => definitionsAt(schema, path).flatMap(keysOf);

const typeWords: Record<string, string> = {
  int: "a whole number",
  number: "a number",
  string: "text",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};
const typeWord = (type: string) => typeWords[type] ?? type;

/** `false, or an object with address, port`. */
const alternatives = (definitions: Definition[]) =>
  definitions
    .map((def) => {
      if (def.values) return def.values.map(shownValue).join(", ");
      return def.shape ? `an object with ${keysOf(def).join(", ")}` : typeWord(def.type);
    })
    .join(", or ");

function shownValue(value: unknown): string {
  const text = value === undefined ? "not set" : asText(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function asText(value: unknown): string {
  if (typeof value === "number") return `${value}`;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return inspect(value, { breakLength: Number.POSITIVE_INFINITY });
  }
}

const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);

const valueAt = (input: unknown, path: PropertyKey[]) =>
  path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part], input);

/** Values that may hold a secret of the user's: no message shows them. */
const isHidden = ([top, , key]: PropertyKey[]) =>
  top === "secrets" || (top === "apps" && (key === undefined || key === "env"));

function describe(
  schema: z.ZodType,
  input: unknown,
  issue: z.core.$ZodIssue,
  base: PropertyKey[],
  of: string,
): Problem[] {
  const path = [...base, ...issue.path];
  const value = valueAt(input, path);
  const shown = isHidden(path) ? () => "wrong (its value is not shown)" : shownValue;
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(schema, path);
    return issue.keys.map((key) => {
      const near = nearest(key, known);
      const hint = near ? `did you mean ${keyOf([...path, near])}?` : `known here: ${known.join(", ")}`;
      return { key: keyOf([...path, key]), message: `is not a key of ${of}; ${hint}` };
    });
  }
  if (issue.code === "invalid_union") {
    const branch = issue.errors.toSorted((a, b) => depth(b) - depth(a))[0];
    if (branch && isObject(value)) return branch.flatMap((inner) => describe(schema, input, inner, path, of));
    return [
      { key: keyOf(path), message: `is ${shown(value)}; it must be ${alternatives(definitionsAt(schema, path))}` },
    ];
  }
  if (issue.code === "invalid_key") {
    const [reason] = issue.issues;
    return [{ key: keyOf(path), message: `is not allowed as a key: it must be ${reason?.message}` }];
  }
  if (issue.code === "custom" || issue.code === "invalid_format") {
    const namesForm = /^(an?|\d+ to) /.test(issue.message);
    return [{ key: keyOf(path), message: `is ${shown(value)}; ${namesForm ? "it must be " : ""}${issue.message}` }];
  }
  return [{ key: keyOf(path), message: `is ${shown(value)}; ${requirement(issue)}` }];
}

/** A branch of a union that got further into the value is the one that was meant. */
const depth = (issues: z.core.$ZodIssue[]) =>
  Math.max(
    ...issues.map((issue) => (issue.code === "invalid_type" && issue.path.length === 0 ? 0 : 1 + issue.path.length)),
  );

function requirement(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `it must be ${typeWord(issue.expected)}`;
    case "invalid_value":
      return `it must be one of ${issue.values.map((value) => shownValue(value)).join(", ")}`;
    case "too_small":
      return issue.message.startsWith("Too small") ? `it must be at least ${issue.minimum}` : issue.message;
    case "too_big":
      return `it must be at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

/**
 * Every problem of `input` under `schema`; empty when it is right.
 * @param of what has the keys
 */
export function problemsOf(schema: z.ZodType, input: unknown, error: z.ZodError, of = "the configuration"): Problem[] {
  return error.issues.flatMap((issue) => describe(schema, input, issue, [], of));
}
