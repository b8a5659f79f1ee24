// How the outputs of a stack are printed as credentials. Pure.
import type { CredentialRow } from "../components/outputs.ts";
import type { StackOutputs } from "./pulumi/outputs.ts";

const there = (rows: readonly CredentialRow[], outputs: StackOutputs) =>
  rows.filter(({ output }) => outputs[output] !== undefined);

/** Rows of the table: service, what it is, value. What the stack does not have is left out. */
export function credentialTable(rows: readonly CredentialRow[], outputs: StackOutputs): string[][] {
  return there(rows, outputs).map(({ service, title, output }) => [service, title, String(outputs[output])]);
}

/** `vikunjaPassword=...`, one a line, for another program. */
export function credentialLines(rows: readonly CredentialRow[], outputs: StackOutputs): string {
  return there(rows, outputs)
    .map(({ output }) => `${output}=${String(outputs[output])}`)
    .join("\n");
}
