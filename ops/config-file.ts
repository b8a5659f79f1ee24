// Pulumi.<stack>.yaml, the user's file: what it says, and the one value that xnai itself writes into it.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, isCollection, parseDocument } from "yaml";
import { readApps } from "../components/apps/read-apps.ts";
import { readLock } from "../components/apps/read-lock.ts";
import type { StackConfig } from "../components/config/keys/base.ts";
import { parseConfig, plain } from "../components/config/parse.ts";
import { exitCode, XnaiError } from "../lib/errors.ts";
import { replaceFile } from "../lib/replace-file.ts";
import { project, root } from "./paths.ts";

/** Path of a stack's configuration file. */
export function configFile(stack: string): string {
  return join(root, `Pulumi.${stack}.yaml`);
}

/**
 * The configuration file as a document, so that a change keeps the user's comments. An absent file is an empty one.
 * @throws XnaiError (usage) when the file is not YAML
 */
export function configDocument(stack: string): Document {
  const file = configFile(stack);
  const document = parseDocument(existsSync(file) ? readFileSync(file, "utf8") : "config: {}\n");
  const [problem] = document.errors;
  if (problem)
    throw new XnaiError(
      exitCode.usage,
      `Pulumi.${stack}.yaml is not valid YAML: ${problem.message}`,
      `Correct the file at line ${problem.linePos?.[0].line ?? "?"}. Nothing was changed.`,
    );
  return document;
}

/**
 * The stack's configuration, parsed by the program's own schema. Pulumi writes the number of a top-level key as a string, when
 * it writes the file.
 * @throws ConfigError (usage) that names every problem
 */
export function stackConfig(stack: string): StackConfig {
  const all = (configDocument(stack).toJS() as { config?: Record<string, unknown> } | null)?.config ?? {};
  const prefix = `${project}:`;
  const values = Object.entries(all).flatMap(([key, value]) =>
    key.startsWith(prefix)
      ? [[key.slice(prefix.length), typeof value === "string" ? plain(value) : value] as const]
      : [],
  );
  refusePlainSecrets(stack, values);
  return parseConfig(Object.fromEntries(values), `Pulumi.${stack}.yaml`, readLock(root, stack), readApps(root));
}

/** Git would show them to everybody. @throws XnaiError (usage) that names them, and none of their values */
function refusePlainSecrets(stack: string, values: (readonly [string, unknown])[]): void {
  const inPlain = values.flatMap(([key, value]) => {
    if (key.startsWith("secrets.")) return isEncrypted(value) ? [] : [key];
    if (key !== "secrets" || typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([name, each]) => (typeof each === "object" ? [] : [`secrets.${name}`]));
  });
  const [first] = inPlain;
  if (first === undefined) return;
  throw new XnaiError(
    exitCode.usage,
    `Pulumi.${stack}.yaml holds secrets in plain: ${inPlain.map((key) => `${project}:${key}`).join(", ")}`,
    `Nothing was changed. Take the value away and have it encrypted: eval "$(npx xnai env)" && pulumi config set --secret --path ${project}:${first}\nIf the file was committed, the value is known: renew it where it comes from.`,
  );
}

const isEncrypted = (value: unknown) => typeof value === "object" && value !== null && "secure" in value;

/**
 * Changes one value of the configuration file and leaves the rest, comments included, as the user wrote it.
 * @param path below `config`, such as `["xnai:images", "source"]`
 */
export function writeConfig(stack: string, path: string[], value: unknown): void {
  const document = configDocument(stack);
  const full = ["config", ...path];
  // `xnai:images:` with nothing behind it holds null, below which nothing can be set: it becomes an empty map first.
  const empty = full.slice(0, -1).findIndex((_, index) => {
    const above = full.slice(0, index + 1);
    return document.hasIn(above) && !isCollection(document.getIn(above));
  });
  if (empty >= 0) document.setIn(full.slice(0, empty + 1), document.createNode({}));
  document.setIn(full, value);
  write(stack, document);
}

/** The salt that Pulumi wrote into the stack's configuration when it first encrypted something; undefined for none. */
export function saltOf(stack: string): string | undefined {
  const salt: unknown = configDocument(stack).get("encryptionsalt");
  return typeof salt === "string" && salt !== "" ? salt : undefined;
}

/** Writes the salt, or takes it away. */
export function writeSalt(stack: string, salt: string | undefined): void {
  const document = configDocument(stack);
  if (salt === undefined) document.delete("encryptionsalt");
  else document.set("encryptionsalt", salt);
  write(stack, document);
}

/** Whether the file holds values that Pulumi has encrypted. */
export function hasSecrets(stack: string): boolean {
  return JSON.stringify(configDocument(stack).toJS()?.config ?? {}).includes('{"secure":');
}

function write(stack: string, document: Document): void {
  replaceFile(configFile(stack), document.toString({ lineWidth: 0 }), 0o644);
}
