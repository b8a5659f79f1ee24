// The SDK does not load what it rarely uses until somebody needs it, and has it then. In a process of its own, because the
// tests have loaded the SDK already.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const root = join(import.meta.dirname, "../..");

/** What Pulumi starts Node with, as a file in the checkout says. */
const nodeargs = (file: string): string => parse(readFileSync(join(root, file), "utf8")).runtime.options.nodeargs;

/** What a script prints as JSON. */
const run = (script: string) =>
  JSON.parse(execFileSync(process.execPath, [nodeargs("Pulumi.yaml"), "-e", script], { cwd: root, encoding: "utf8" }));

it("is what Pulumi starts the program and the policy pack with", () => {
  expect(nodeargs("Pulumi.yaml")).toBe("--import=./lib/lazy-modules.ts");
  expect(nodeargs("policies/PulumiPolicy.yaml")).toBe("--import=../lib/lazy-modules.ts");
});

describe("the SDK", () => {
  it("keeps npm's library, TypeScript and OpenTelemetry away from the SDK until they are used", () => {
    const loaded = run(`
      process.exit = () => {}; console.error = () => {};
      require("@pulumi/pulumi");
      require("@pulumi/pulumi/cmd/run/tracing");
      // What is only postponed is a proxy.
      const { isProxy } = require("node:util").types;
      const paths = Object.values(require.cache).filter(({ exports }) => !isProxy(exports)).map(({ id }) => id);
      const lib = /@npmcli.arborist|typescript.lib|opentelemetry.(sdk|exporter|instrumentation|resources)/;
      console.log(JSON.stringify(paths.filter((path) => lib.test(path))));
    `);
    expect(loaded).toEqual([]);
  });

  it("has npm's library and TypeScript when they are used", () => {
    const works = run(`
      require("@pulumi/pulumi");
      const { Arborist } = require("@npmcli/arborist");
      const ts = require("@pulumi/pulumi/typescript-shim");
      const { statements } = ts.createSourceFile("a.ts", "const a: number = 1;", ts.ScriptTarget.Latest);
      console.log(JSON.stringify([typeof new Arborist({ path: "." }).loadActual, statements.length]));
    `);
    expect(works).toEqual(["function", 1]);
  });

  it("lets the SDK serialize a function, and trace what it does", () => {
    const [text, span] = run(`
      const pulumi = require("@pulumi/pulumi");
      const tracing = require("@pulumi/pulumi/cmd/run/tracing");
      tracing.start("http://127.0.0.1:9/api/v2/spans");
      const span = tracing.newSpan("test").isRecording();
      const n = 41;
      pulumi.runtime.serializeFunction(() => n + 1).then(({ text }) => {
        console.log(JSON.stringify([text, span]));
        process.exit();
      });
    `);
    expect(text).toContain("n + 1");
    expect(span).toBe(true);
  });
});
