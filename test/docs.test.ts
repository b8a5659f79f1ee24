// Every configuration in the documentation is one that the stack takes, and that its rules let pass.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { parseConfig, plain } from "../components/config/parse.ts";
import { definitionsOf } from "../components/services.ts";
import { label } from "../lib/labels.ts";
import { fencedBlocks } from "./support/page-blocks.ts";

const root = join(import.meta.dirname, "..");

/** In place of what a page leaves out with `# ...`, and of the app that most of it talks to. */
const leftOut = { image: "localhost/rag:latest", health: { tcp: 8000 } };

const blocks = globSync(["README.md", "docs/*.md", "examples/**/*.md"], { cwd: root }).flatMap((page) =>
  fencedBlocks(readFileSync(join(root, page), "utf8"), "yaml")
    .filter((text) => text.startsWith("config:\n"))
    .map((text) => ({ page, text, name: text.split("\n")[2]?.trim() ?? "" })),
);

/** Without `xnai:` before each key, and with what only the whole file has. */
function values(text: string): Record<string, unknown> {
  const { config } = parse(text) as { config: Record<string, unknown> };
  const all = Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("xnai:", ""), value]));
  if (all.apps === undefined) return all;
  const apps = Object.entries(all.apps as Record<string, object>).map(([name, app]) => {
    const whole = "preset" in app || "site" in app || "image" in app;
    return [name, whole ? app : { ...leftOut, ...app }];
  });
  return {
    ...all,
    apps: { rag_api: leftOut, ...Object.fromEntries(apps) },
    secrets: { hfToken: plain("x"), ...(all.secrets as object) },
  };
}

test("there are some", () => {
  expect(blocks.length).toBeGreaterThan(10);
});

test.each(blocks)("$page: $name", ({ text }) => {
  const config = parseConfig(values(text));
  const shared = definitionsOf(config).filter((service) => service.container?.(config).labels?.[label.shared]);
  expect(shared.map(({ name }) => name)).toEqual([]);
});
