// Does what a message of `xnai` says, as a user would copy it.
import { execa } from "execa";
import { expect } from "vitest";
import type { TestStack } from "./stack.ts";

/** Runs the first command that a message names, with `--yes` behind it. @returns the command */
export async function followAdvice({ folder }: TestStack, said: string): Promise<string> {
  const [, command] = /((?:npm run \w+ -- [^\n]*?)|rm "[^"\n]*")(?: keeps the data| If it is gone|$)/m.exec(said) ?? [];
  expect(command, `no way back in:\n${said}`).toBeDefined();
  const line = (command as string).startsWith("npm") ? `${command} --yes` : command;
  const { exitCode, all } = await execa("sh", ["-c", line as string], { cwd: folder, all: true, reject: false });
  expect(exitCode, `${said}\n--- ${line} ---\n${all}`).toBe(0);
  return command as string;
}
