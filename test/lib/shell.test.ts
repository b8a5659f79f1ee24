import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { scriptCommand } from "../../lib/shell.ts";

const folder = mkdtempSync(join(tmpdir(), "xnai shell "));

/** The command that runs a script with this text. */
function commandOf(text: string, args?: string[], shell: "sh" | "bash" = "sh") {
  writeFileSync(join(folder, "greet.sh"), text);
  return scriptCommand(shell, folder, "greet.sh", args);
}

it("a script is handed over as text, with its name and its arguments", () => {
  expect(commandOf("echo hello\n")).toEqual(["sh", "-c", "echo hello", "greet.sh"]);
  expect(commandOf("echo hello\n", ["a b", ""], "bash")).toEqual(["bash", "-c", "echo hello", "greet.sh", "a b", ""]);
});

it("the text has no lines that are comments or empty", () => {
  const text = '#!/bin/sh\n# Greets.\n# $1: whom\n\nif [ -n "$1" ]; then\n  # Known.\n\n  echo "$1"\nfi\n';
  expect(commandOf(text)[2]).toBe('if [ -n "$1" ]; then\n  echo "$1"\nfi');
});

it("a # inside a line stays", () => {
  const text = `echo "# $#" "$\{1#a}" # said`;
  expect(commandOf(`${text}\n`)[2]).toBe(text);
});

it("the script finds its arguments, whatever is in them, and its name in what it complains of", () => {
  const text = `# Says.\nprintf '%s\\n' "$#" "$@"\necho "$\{1#a}"\ncd /missing\n`;
  const [command = "", ...words] = commandOf(text, ["a b", "$c"]);
  const { stdout, stderr } = spawnSync(command, words, { encoding: "utf8" });
  expect(stdout).toBe("2\na b\n$c\n b\n");
  expect(stderr).toContain("greet.sh");
});
