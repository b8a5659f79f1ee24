// The configuration as Pulumi holds it -> one typed object, or one error that names every problem.
import { accessSync, constants, statSync } from "node:fs";
import { dirname } from "node:path";
import { isElsewhere } from "../../lib/engine/given-host.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { type Lock, noLock, withApps } from "../apps/lock.ts";
import { appsFile } from "../apps/read-apps.ts";
import { withUses } from "../apps/uses.ts";
import { services } from "../services.ts";
import { type Declared, twiceWritten, withDeclared } from "./declared.ts";
import type { StackConfig } from "./keys/base.ts";
import { type Problem, problemsOf } from "./problems.ts";
import { configSchema, storageSchema } from "./schema.ts";

/** A configuration that cannot be used: `message` has one line for each problem, `fix` says how to correct them. */
export class ConfigError extends XnaiError {
  readonly problems: Problem[];

  constructor(problems: Problem[], where: string) {
    const count = problems.length === 1 ? "One problem" : `${problems.length} problems`;
    const lines = problems.map(({ key, message }) => `\n  xnai:${key} ${message}`);
    super(
      exitCode.usage,
      `${count} in the configuration (${where}):${lines.join("")}`,
      "Nothing was changed. Correct the file, or use: pulumi config set --path 'xnai:KEY' VALUE",
    );
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/**
 * Parses plain values (as in `Pulumi.<stack>.yaml`, without the `xnai:`).
 * @param lock what the images of apps are. @default nothing is known of them
 * @param declared apps that are written in TypeScript. @default none
 */
export function parseConfig(
  written: Record<string, unknown>,
  where = "Pulumi.<stack>.yaml",
  lock: Lock = noLock,
  declared: Declared = {},
): StackConfig {
  const values = withDeclared(withTraits(withSecrets(written)), declared);
  const result = configSchema.safeParse(values);
  const storage = storageSchema.safeParse(values.storage);
  const problems = [
    ...twiceWritten(written, declared),
    ...(result.success ? [] : problemsOf(configSchema, values, result.error)),
    ...(storage.success ? rootProblems(storage.data.root) : []),
  ];
  if (!result.success || problems.length > 0)
    throw new ConfigError(problems, Object.keys(declared).length > 0 ? `${where} and ${appsFile}` : where);
  return withApps(withUses(result.data, services), lock);
}

const secretPrefix = "secrets.";

/** `pulumi config set --secret xnai:secrets.NAME`, without --path, writes a key of that whole name: it means the same. */
function withSecrets(values: Record<string, unknown>): Record<string, unknown> {
  const { dotted = [], others = [] } = Object.groupBy(Object.entries(values), ([key]) =>
    key.startsWith(secretPrefix) ? "dotted" : "others",
  );
  if (dotted.length === 0) return values;
  const secrets = Object.fromEntries(dotted.map(([key, value]) => [key.slice(secretPrefix.length), value]));
  return { ...Object.fromEntries(others), secrets: { ...(values.secrets as object), ...secrets } };
}

/** What up wrote as `memoryLimits` before there was `engine`. */
function withTraits({ memoryLimits, ...values }: Record<string, unknown>): Record<string, unknown> {
  if (typeof memoryLimits !== "boolean") return memoryLimits === undefined ? values : { ...values, memoryLimits };
  if (memoryLimits) return values;
  const engine = (values.engine ?? {}) as { limits?: object };
  return { ...values, engine: { ...engine, limits: { memory: false, ...engine.limits } } };
}

/**
 * Parses what Pulumi hands to a program: every value a string, objects and lists as JSON, keys `<project>:<key>`.
 * Keys of other namespaces (`docker:host`, `pulumi:...`) are left to their owners.
 */
export function parsePulumiConfig(
  all: Record<string, string>,
  project: string,
  where: string,
  lock: Lock = noLock,
  declared: Declared = {},
): StackConfig {
  const stackValues = Object.entries(all).flatMap(([name, text]) => {
    const [namespace, key] = splitOnce(name, ":");
    return namespace === project ? [[key, key.startsWith(secretPrefix) ? text : plain(text)] as const] : [];
  });
  return parseConfig(Object.fromEntries(stackValues), where, lock, declared);
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** Pulumi's form of a value: objects, lists, numbers and booleans are JSON text, anything else is the string itself. */
export function plain(text: string): unknown {
  if (!/^\s*([[{]|-?\d+(\.\d+)?\s*$|true\s*$|false\s*$)/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The engine makes missing directories itself; a file in the way or a read-only file system it cannot help. */
function rootProblems(root: string | undefined): Problem[] {
  if (root === undefined || isElsewhere(process.env)) return [];
  let existing = root;
  while (!exists(existing)) existing = dirname(existing);
  const problem = (message: string) => [{ key: "storage.root", message: `is ${JSON.stringify(root)}; ${message}` }];
  if (!statSync(existing).isDirectory()) return problem(`${existing} is a file: name a directory`);
  try {
    accessSync(existing, constants.W_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EROFS")
      return problem(`${existing} is on a read-only file system: name a directory that can be written`);
  }
  return [];
}

function exists(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch {
    return path === "/";
  }
}
