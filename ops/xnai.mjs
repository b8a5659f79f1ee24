#!/usr/bin/env node
// Starts xnai.ts on Node 24, which runs TypeScript as it is. Plain JavaScript, so that any Node can get this far.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

if (Number(process.versions.node.split(".")[0]) >= 24) {
  await import("./xnai.ts");
} else {
  const node = fileURLToPath(new URL("../node_modules/node/bin/node", import.meta.url));
  if (!existsSync(node)) {
    console.error(
      `xnai: Node ${process.versions.node} is too old, and the project's own Node 24 is not installed.\n  Run: npm ci`,
    );
    process.exit(3);
  }
  const script = fileURLToPath(new URL("./xnai.ts", import.meta.url));
  const { status, error } = spawnSync(node, [script, ...process.argv.slice(2)], { stdio: "inherit" });
  if (error) console.error(`xnai: ${node} does not start: ${error.message}`);
  process.exit(status ?? 1);
}
