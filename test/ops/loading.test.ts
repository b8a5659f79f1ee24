// What the command loads before it does anything: half a second more for every verb is easily imported.
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const verbs = join(import.meta.dirname, "../../ops/verbs");

/** Paths of the CommonJS modules that there are after these have been imported, one after the other. */
function loadedBy(...modules: string[]): string[] {
  const imports = modules.map((name) => `await import(${JSON.stringify(name)});`).join("\n");
  const script = `(async () => { ${imports} console.log(JSON.stringify(Object.keys(require.cache))); })()`;
  return JSON.parse(execFileSync(process.execPath, ["-e", script], { encoding: "utf8" })) as string[];
}

it("every verb is loaded without Pulumi's SDK and what that loads", () => {
  const loaded = loadedBy(...readdirSync(verbs).map((file) => join(verbs, file)));
  expect(loaded.length).toBeGreaterThan(100);
  expect(loaded.filter((path) => /node_modules.(@pulumi|typescript|@npmcli|@opentelemetry)/.test(path))).toEqual([]);
});

it("the client of the engine is loaded without SSH and gRPC, which it has when they are used", () => {
  const root = join(import.meta.dirname, "../..");
  const loaded = loadedBy(join(root, "lib/lazy-engine-client.ts"), "dockerode");
  expect(loaded.filter((path) => /node_modules.dockerode.lib.docker/.test(path))).toHaveLength(1);
  expect(loaded.filter((path) => /node_modules.(ssh2|@grpc)/.test(path))).toEqual([]);
  const used = `
    const Agent = require("docker-modem/lib/ssh");
    const agent = Agent({ host: "127.0.0.1", port: 9, username: "nobody" });
    console.log(JSON.stringify([typeof agent.createConnection, Object.keys(require.cache).filter((path) => /node_modules.ssh2/.test(path)).length > 5]));
  `;
  const args = ["--import", join(root, "lib/lazy-engine-client.ts"), "-e", used];
  expect(JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" }))).toEqual(["function", true]);
});
