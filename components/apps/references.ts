// `${redis.url}` in a value of an app's environment: what stands for what only the stack knows. Pure.
import { asObject } from "../config/keys/checks.ts";
import { type FileContent, type SecretText, secretText } from "../definition/secret.ts";

/** What the references of a stack stand for, by name: `redis.url`, `secrets.hfToken`. */
export type Known = Readonly<Record<string, FileContent>>;

/** `$${` is the two characters themselves. */
const reference = /\$?\$\{([^}]*)\}/g;

const isEscaped = (match: string) => match.startsWith("$$");

/** The names that a text refers to. */
export const referencesIn = (text: string): string[] =>
  [...text.matchAll(reference)].flatMap(([match, name = ""]) => (isEscaped(match) ? [] : [name.trim()]));

/** The names that an environment refers to. @param environment as it is written, checked or not */
export const referencesOf = (environment: Record<string, unknown>): string[] =>
  Object.values(environment)
    .map((value) => asObject(value).file ?? value)
    .flatMap((text) => (typeof text === "string" ? referencesIn(text) : []));

/**
 * The text with what its references stand for; in plain as long as none of them is a secret.
 * @param known has every name that the text refers to
 */
export function resolved(text: string, known: Known): FileContent {
  const filled = (value: (name: string) => string) =>
    text.replace(reference, (match, name: string) => (isEscaped(match) ? match.slice(1) : value(name.trim())));
  const contents = referencesIn(text).map((name) => [name, known[name] ?? ""] as const);
  const secret = contents.flatMap(([, content]) => (typeof content === "string" ? [] : content.secrets));
  if (secret.length === 0) return filled((name) => known[name] as string);
  const secrets = [...new Set(secret)];
  return secretText(secrets, (...values) => filled((name) => rendered(known[name] ?? "", secrets, values)));
}

/** A content, given the values of more secrets than its own. */
export function rendered(content: FileContent, names: readonly string[], values: readonly string[]): string {
  if (typeof content === "string") return content;
  return content.render(...content.secrets.map((name) => values[names.indexOf(name)] as string));
}

/** Whether it has secrets in it. */
export const isSecret = (content: FileContent): content is SecretText => typeof content !== "string";
