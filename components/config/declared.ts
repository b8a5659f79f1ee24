// Apps that are written in TypeScript, among the values of the configuration. Pure.
import { appsFile } from "../apps/read-apps.ts";
import { asObject } from "./keys/checks.ts";
import type { Problem } from "./problems.ts";

/** Apps by name, each as it would stand in YAML. */
export type Declared = Readonly<Record<string, object>>;

/** The values with these apps among them. */
export const withDeclared = (values: Record<string, unknown>, declared: Declared): Record<string, unknown> =>
  Object.keys(declared).length > 0 ? { ...values, apps: byName({ ...(values.apps as object), ...declared }) } : values;

/** In Pulumi's order: it hands the keys of an object over by their names, and files of apps are written in that order. */
function byName(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(byName);
  if (typeof value !== "object" || value === null) return value;
  const sorted = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, each]) => [key, byName(each)]));
}

/** Problems with apps that stand in both. */
export const twiceWritten = ({ apps }: Record<string, unknown>, declared: Declared): Problem[] =>
  Object.keys(asObject(apps)).flatMap((name) =>
    Object.hasOwn(declared, name)
      ? [{ key: `apps.${name}`, message: `is in ${appsFile}, too: keep one of the two` }]
      : [],
  );
