// What the command loads before it does anything: half a second more for every verb is easily imported.
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const verbs = join(import.meta.dirname, "../../ops/verbs");

it.each(readdirSync(verbs))("%s is loaded without Pulumi's SDK and what that loads", (file) => {
  const script = `import(${JSON.stringify(join(verbs, file))}).then(() => console.log(JSON.stringify(Object.keys(require.cache))))`;
  const loaded: string[] = JSON.parse(execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }));
  expect(loaded.filter((path) => /node_modules.(@pulumi|typescript|@npmcli|@opentelemetry)/.test(path))).toEqual([]);
});
