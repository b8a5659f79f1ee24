// What the parts of the bench have in common.
import type { Ran, TestStack } from "../support/stack.ts";
import type { TestEngine } from "../support/test-engine.ts";
import type { ComposeProject } from "./compose/project.ts";
import type { Found } from "./report/figures.ts";

/** What a part measures on. */
export interface Subject {
  readonly engine: Pick<TestEngine, "folder" | "pid">;
  /** Up or down, as the part before has left it. */
  readonly stack: TestStack;
  /** How often each is measured. */
  readonly rounds: number;
  /** Whether the toolchain is built, too. */
  readonly cold: boolean;
  /** The same services under Docker Compose. Brings the stack up when it is first asked for. */
  readonly compose: () => Promise<ComposeProject>;
  /** Takes what whole rounds have found: it stays when a later one fails. */
  readonly keep: (found: Found) => void;
}

/** One part of the bench. */
export type Part = (subject: Subject) => Promise<Found>;

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
