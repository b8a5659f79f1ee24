// Changes one value of Pulumi.<stack>.yaml and leaves the rest of the file, comments included, as the user wrote it.
import { renameSync, writeFileSync } from "node:fs";
import { isCollection } from "yaml";
import { configDocument, configFile } from "../context.ts";

/** @param path below `config`, such as `["xnai:images", "source"]` */
export function writeConfig(stack: string, path: string[], value: unknown): void {
  const document = configDocument(stack);
  const full = ["config", ...path];
  // A key with nothing behind it is nothing that could hold another one.
  const empty = full.slice(0, -1).findIndex((_, index) => {
    const above = full.slice(0, index + 1);
    return document.hasIn(above) && !isCollection(document.getIn(above));
  });
  if (empty >= 0) document.setIn(full.slice(0, empty + 1), document.createNode({}));
  document.setIn(full, value);
  const file = configFile(stack);
  const draft = `${file}.tmp`;
  writeFileSync(draft, document.toString({ lineWidth: 0 }));
  renameSync(draft, file);
}
