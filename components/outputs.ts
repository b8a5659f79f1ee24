// Outputs of a stack, and how `xnai credentials` shows them: both follow from the definitions. Pure.
import type { StackConfig } from "./config/keys/base.ts";
import type { Output } from "./definition/presentation.ts";
import { definitionsOf } from "./services.ts";

/** The outputs of a stack that have a value; those with secrets in them are rendered where the secrets are known. */
export const outputsOf = (config: StackConfig): Output[] =>
  definitionsOf(config)
    .flatMap(({ outputs }) => outputs?.(config) ?? [])
    .filter(({ value }) => value !== undefined);

/** An output as `xnai credentials` shows it. */
export interface CredentialRow {
  service: string;
  title: string;
  /** Name of the output. */
  output: string;
}

/** What is shown of each service, in the order of the table. */
export const credentialRows = (config: StackConfig): CredentialRow[] =>
  definitionsOf(config).flatMap(({ name: service, outputs }) =>
    (outputs?.(config) ?? []).flatMap(({ name, title }) => (title ? [{ service, title, output: name }] : [])),
  );
