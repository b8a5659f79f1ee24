// The stack's services under Docker Compose.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { TestStack } from "../../support/stack.ts";
import { stackParts } from "./stack-parts.ts";
import { composeTool } from "./tool.ts";

const files = (...names: string[]) => names.flatMap((name) => ["--file", join(import.meta.dirname, name)]);

/** Uses the ports and the data of the stack that it was made from: only one of the two may run. */
export class ComposeProject {
  readonly #tool: string;
  readonly #stack: TestStack;
  readonly #variables: Record<string, string>;

  private constructor(tool: string, stack: TestStack, variables: Record<string, string>) {
    this.#tool = tool;
    this.#stack = stack;
    this.#variables = variables;
  }

  /** @param stack is up */
  static async of(stack: TestStack): Promise<ComposeProject> {
    return new ComposeProject(await composeTool(), stack, await stackParts(stack));
  }

  /** Returns when every service is healthy. */
  async up(): Promise<void> {
    await this.#compose(files("compose.yaml", "changes.yaml"), "up", "--detach", "--wait");
  }

  /** Makes the container of a service anew, and returns when it is healthy. */
  async recreate(service: string): Promise<void> {
    const args = ["up", "--detach", "--wait", "--force-recreate", service];
    await this.#compose(files("compose.yaml", "changes.yaml"), ...args);
  }

  /** Without any health check, so that there is nothing to wait for. */
  async upUnchecked(): Promise<void> {
    await this.#compose(files("compose.yaml", "no-checks.yaml"), "up", "--detach");
  }

  async down(): Promise<void> {
    await this.#compose(files("compose.yaml"), "down");
  }

  /** What the next `up` finds in the environment. */
  set(variables: Record<string, string>): void {
    Object.assign(this.#variables, variables);
  }

  /** Writes into the copy of a service's configuration. */
  async write(service: string, file: string, text: string): Promise<void> {
    const volume = this.#stack.docker.getVolume(this.#variables[`${service.toUpperCase()}_CONFIG`] ?? "");
    const { Mountpoint } = await volume.inspect();
    await writeFile(join(Mountpoint, file), text);
  }

  async #compose(file: string[], ...args: string[]): Promise<void> {
    await execa(this.#tool, [...file, "--progress", "plain", ...args], { env: this.#variables, stdin: "ignore" });
  }
}
