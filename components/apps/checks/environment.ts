// What an app's environment refers to. Pure.
import { nearest } from "../../../lib/nearest.ts";
import { asObject } from "../../config/keys/checks.ts";
import { referencesIn } from "../references.ts";
import type { Say } from "./say.ts";

/**
 * Every reference has to stand for something that is there.
 * @param known names of what there is
 * @param off what references to services that are off begin with -> the service
 */
export function checkEnvironment(
  app: string,
  env: unknown,
  { known, off }: { known: string[]; off: ReadonlyMap<string, string> },
  say: Say,
): void {
  for (const [name, value] of Object.entries(asObject(env))) {
    const text = typeof value === "string" ? value : asObject(value).file;
    if (typeof text !== "string") continue;
    for (const reference of referencesIn(text)) {
      const service = off.get(reference.split(".")[0] as string);
      if (!known.includes(reference)) say([app, "env", name], value, unknownReference(reference, known));
      else if (service !== undefined)
        say([app, "env", name], value, `\${${reference}} needs ${service}, ${switchedOff(service)}`);
    }
  }
}

/** How a problem with a service that is off ends. */
export const switchedOff = (service: string) => `which is off: set services.${service} to true, or remove it`;

function unknownReference(reference: string, known: readonly string[]): string {
  const near = nearest(reference, known);
  const hint = near
    ? `did you mean \${${near}}?`
    : reference.startsWith("secrets.")
      ? `give it a value: pulumi config set --secret --path xnai:${reference}, or xnai:${reference}: { generate: 32 }`
      : `known here: ${known.join(", ")}`;
  return `\${${reference}} stands for nothing; ${hint} ($\${ for the two characters themselves)`;
}
