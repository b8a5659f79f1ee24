// Files that are generated from the services and the schema of their configuration are in step with them.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { configurationPage } from "../../../ops/schema/configuration-page.ts";
import { publishersTable } from "../../../ops/schema/publishers-table.ts";
import { configFileSchema } from "../../../ops/verbs/schema.ts";

const committed = (file: string) => readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8");
const stale = "is stale: run npm run schema";

test("xnai.schema.json", () => {
  expect(JSON.parse(committed("xnai.schema.json")), `xnai.schema.json ${stale}`).toEqual(configFileSchema());
});

test("docs/configuration.md", () => {
  expect(committed("docs/configuration.md"), `docs/configuration.md ${stale}`).toBe(configurationPage());
});

test("policies/tables/publishers.ts", () => {
  expect(committed("policies/tables/publishers.ts"), `policies/tables/publishers.ts ${stale}`).toBe(publishersTable());
});
