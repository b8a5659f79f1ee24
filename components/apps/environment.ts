// The environment of an app: what stands in its container's configuration, and what reaches it in files that only its user may
// read. Pure.
import { type FileContent, secretText } from "../definition/secret.ts";
import { configPath } from "../definition/service.ts";
import type { Environment } from "./config.ts";
import { isSecret, type Known, rendered, resolved } from "./references.ts";

/** File below `configPath` from which the launcher takes the secrets of the environment. */
export const environmentFile = "environment";

/** Where a `{file: ...}` of the environment is, below `configPath`. */
const fileOf = (name: string) => `secrets/${name}`;

/** An environment, divided by who may see it. */
export interface Divided {
  /** For the container's configuration. */
  plain: Record<string, string>;
  /** Name below `configPath` -> content. */
  files: Record<string, FileContent>;
  /** Whether some of it is a secret in the environment itself, so that the launcher has to start the program. */
  launched: boolean;
}

/** @param known has every name that the values refer to */
export function divided(environment: Environment, known: Known): Divided {
  const plain: Record<string, string> = {};
  const files: Record<string, FileContent> = {};
  const secret: [name: string, content: FileContent][] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (typeof value === "object") {
      plain[name] = `${configPath}/${fileOf(name)}`;
      files[fileOf(name)] = resolved(value.file, known);
      continue;
    }
    const content = resolved(`${value}`, known);
    if (isSecret(content)) secret.push([name, content]);
    else plain[name] = content;
  }
  const launched = secret.length > 0;
  return { plain, files: launched ? { ...files, [environmentFile]: exports(secret) } : files, launched };
}

/** Lines that a shell reads: any value as it is. */
function exports(entries: [name: string, content: FileContent][]): FileContent {
  const names = [...new Set(entries.flatMap(([, content]) => (isSecret(content) ? content.secrets : [])))];
  return secretText(names, (...values) =>
    entries.map(([name, content]) => `export ${name}=${quoted(rendered(content, names, values))}\n`).join(""),
  );
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
