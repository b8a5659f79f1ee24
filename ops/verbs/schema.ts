// `xnai schema`: the JSON schema of the configuration, for editors.
import type { Command } from "commander";
import { z } from "zod";
import { configSchema } from "../../components/config/schema.ts";
import { project } from "../paths.ts";
import { configurationPage } from "../schema/configuration-page.ts";
import { publishersTable } from "../schema/publishers-table.ts";

/** The schema of a `Pulumi.<stack>.yaml`: every key with its namespace, as it stands in the file. */
export function configFileSchema(): object {
  const { properties, ...rest } = z.toJSONSchema(configSchema, { io: "input", unrepresentable: "any" });
  const named = Object.fromEntries(
    Object.entries(properties ?? {}).map(([key, value]) => [`${project}:${key}`, value]),
  );
  const { $schema, ...own } = rest;
  return {
    $schema,
    title: "Configuration of an XNAi stack (Pulumi.<stack>.yaml)",
    type: "object",
    properties: { config: { ...own, properties: named, patternProperties: { "^(docker|pulumi):": {} } } },
  };
}

/** Adds the verb to the command. */
export function register(program: Command): void {
  program
    .command("schema")
    .description("print the JSON schema of Pulumi.<stack>.yaml, for editors")
    .option("--docs", "print docs/configuration.md instead")
    .option("--publishers", "print policies/tables/publishers.ts instead")
    .action(({ docs, publishers }: { docs?: boolean; publishers?: boolean }) => {
      if (publishers) process.stdout.write(publishersTable());
      else process.stdout.write(docs ? configurationPage() : `${JSON.stringify(configFileSchema(), null, 2)}\n`);
    });
}
