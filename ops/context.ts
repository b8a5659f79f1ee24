// Where things are: the clone, the stack's configuration file, the local state.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Document, parseDocument } from "yaml";
import type { StackConfig } from "../components/config/base.ts";
import { ConfigError, parseConfig } from "../components/config/read.ts";
import { exitCode, XnaiError } from "../lib/errors.ts";

/** The clone. */
export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/** Local state and passphrase: git-ignored, part of every backup. */
export const stateDir = join(root, ".xnai");

/** The project's name in Pulumi.yaml, and so the namespace of its configuration keys. */
export const project = "xnai";

/** The stack that a command works on unless `--stack` names another. */
export const defaultStack = () => process.env.PULUMI_STACK ?? "dev";

export const configFile = (stack: string) => join(root, `Pulumi.${stack}.yaml`);

/** The configuration file as a document, so that a change keeps the user's comments. An absent file is an empty one. */
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

/** The stack's configuration, parsed by the program's own schema. */
export function stackConfig(stack: string): StackConfig {
  const all = (configDocument(stack).toJS() as { config?: Record<string, unknown> } | null)?.config ?? {};
  const own = Object.entries(all).filter(([key]) => key.startsWith(`${project}:`));
  const values = Object.fromEntries(own.map(([key, value]) => [key.slice(project.length + 1), value]));
  try {
    return parseConfig(values, `Pulumi.${stack}.yaml`);
  } catch (error) {
    if (error instanceof ConfigError) {
      const [title, ...rest] = error.message.split("\n");
      throw new XnaiError(exitCode.usage, [title, ...rest.slice(0, -1)].join("\n"), rest.at(-1) ?? "", {
        cause: error,
      });
    }
    throw error;
  }
}
