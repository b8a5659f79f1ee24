// Changes one value of Pulumi.<stack>.yaml and leaves the rest of the file, comments included, as the user wrote it.
import { renameSync, writeFileSync } from "node:fs";
import { configDocument, configFile } from "./context.ts";

/** @param path below `config`, such as `["xnai:images", "source"]` */
export function writeConfig(stack: string, path: string[], value: unknown): void {
  const document = configDocument(stack);
  document.setIn(["config", ...path], value);
  const file = configFile(stack);
  const draft = `${file}.tmp`;
  writeFileSync(draft, document.toString({ lineWidth: 0 }));
  renameSync(draft, file);
}
