// Gives the stack of this clone a prefix and ports of its own, for a machine on which another stack may be running.
import { readFileSync, writeFileSync } from "node:fs";
import { parseDocument } from "yaml";

const document = parseDocument(readFileSync("Pulumi.dev.yaml", "utf8"));
const base = 20_000 + (process.ppid % 10_000);
document.setIn(["config", "xnai:prefix"], `ci${base}`);
document.setIn(["config", "xnai:exposure"], {
  caddy: { port: base },
  redis: { port: base + 1 },
  consul: { port: base + 2 },
  qdrant: { port: base + 3, grpcPort: base + 4 },
});
writeFileSync("Pulumi.dev.yaml", document.toString());
