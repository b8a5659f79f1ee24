// What the parts of the bench have in common.
import type { Ran, TestStack } from "../support/stack.ts";
import type { TestEngine } from "../support/test-engine.ts";
import type { ComposeProject } from "./compose/project.ts";

/** What a part measures on. */
export interface Subject {
  readonly engine: TestEngine;
  /** Up when a part begins; it may leave it up or down. */
  readonly stack: TestStack;
  /** How often each is measured. */
  readonly rounds: number;
  /** The same services under Docker Compose, made when first asked for, which is to be while the stack is up. */
  readonly compose: () => Promise<ComposeProject>;
}

/** What a part has found out: for people, and for `--json`. */
export interface Result {
  readonly table: string;
  /** Anything that JSON can hold. */
  readonly figures: unknown;
}

/** One part of the bench. */
export type Part = (subject: Subject) => Promise<Result>;

/** @throws Error with all that a command printed, if it failed */
export function must({ exitCode, all }: Ran): void {
  if (exitCode !== 0) throw new Error(all);
}

/** The environment that `xnai env` prints for a bare Pulumi. */
export async function pulumiEnv(stack: TestStack): Promise<Record<string, string>> {
  const printed = await stack.xnai(["env"]);
  must(printed);
  return Object.fromEntries(
    printed.stdout.split("\n").flatMap((line) => {
      const [, name, value] = /^export (\w+)='(.*)'$/.exec(line) ?? [];
      return name && value !== undefined ? [[name, value]] : [];
    }),
  );
}
