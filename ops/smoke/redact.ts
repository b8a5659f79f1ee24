// Takes a stack's secrets out of what others say. Pure.
import type { StackOutputs } from "../pulumi/outputs.ts";

/** A function that replaces every secret among the outputs. */
export function redactor(outputs: StackOutputs): (text: string) => string {
  const secrets = Object.entries(outputs).flatMap(([name, value]) =>
    /(password|token|key)$/i.test(name) && typeof value === "string" && value !== "" ? [value] : [],
  );
  return (text) => secrets.reduce((left, secret) => left.replaceAll(secret, "***"), text);
}
