// The stack's services under Docker Compose.
import { join } from "node:path";
import { execa } from "execa";
import type { TestStack } from "../../support/stack.ts";
import { stackParts } from "./stack-parts.ts";
import { composeTool } from "./tool.ts";

const file = (name: string) => ["--file", join(import.meta.dirname, name)];

/** Uses the ports and the data of the stack that it was made from: only one of the two may run. */
export class ComposeProject {
  readonly #tool: string;
  readonly #variables: Record<string, string>;

  private constructor(tool: string, variables: Record<string, string>) {
    this.#tool = tool;
    this.#variables = variables;
  }

  /** @param stack is up */
  static async of(stack: TestStack): Promise<ComposeProject> {
    return new ComposeProject(await composeTool(), await stackParts(stack));
  }

  /** Returns when every service is healthy. */
  async up(): Promise<void> {
    await this.#compose(file("compose.yaml"), "up", "--detach", "--wait");
  }

  /** Without any health check, so that there is nothing to wait for. */
  async upUnchecked(): Promise<void> {
    await this.#compose([...file("compose.yaml"), ...file("no-checks.yaml")], "up", "--detach");
  }

  async down(): Promise<void> {
    await this.#compose(file("compose.yaml"), "down");
  }

  async #compose(files: string[], ...args: string[]): Promise<void> {
    await execa(this.#tool, [...files, "--progress", "plain", ...args], { env: this.#variables, stdin: "ignore" });
  }
}
