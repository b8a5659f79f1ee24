// Pulumi.<stack>.yaml, the user's file: what it says, and the one value that xnai itself writes into it.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, isCollection, parseDocument } from "yaml";
import type { StackConfig } from "../components/config/keys/base.ts";
import { parseConfig, plain } from "../components/config/parse.ts";
import { exitCode, XnaiError } from "../lib/errors.ts";
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
  return parseConfig(Object.fromEntries(values), `Pulumi.${stack}.yaml`);
}

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
  const file = configFile(stack);
  const draft = `${file}.tmp`;
  writeFileSync(draft, document.toString({ lineWidth: 0 }));
  renameSync(draft, file);
}
