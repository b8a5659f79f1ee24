// A clone of the project in a folder of its own, whose modules run in the test's process: what they keep beside the code
// (`.xnai`, Pulumi.<stack>.yaml) is the test's. The path has a space in it.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll } from "vitest";

const root = resolve(import.meta.dirname, "../..");

/** Made at the top of a test file, and gone at its end. */
export class Clone {
  readonly folder = mkdtempSync(join(tmpdir(), "xnai clone "));

  constructor() {
    for (const part of ["lib", "ops", "components", "policies", "airgap", "Pulumi.yaml", "package.json"])
      cpSync(join(root, part), join(this.folder, part), {
        recursive: true,
        filter: (path) => !/\.(go|py|mod|sum)$/.test(path),
      });
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
    afterAll(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /** The clone's own module; its errors are not `instanceof` the test's. */
  async load<T>(module: string): Promise<T> {
    return (await import(/* @vite-ignore */ this.path(module))) as T;
  }

  write(path: string, content: string | object): string {
    const file = this.path(path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  }

  read(path: string): string {
    return readFileSync(this.path(path), "utf8");
  }

  /** Takes the local state and the stacks away again. */
  reset(...stacks: string[]): void {
    for (const path of [".xnai", ...stacks.map((stack) => `Pulumi.${stack}.yaml`)])
      rmSync(this.path(path), { recursive: true, force: true });
  }
}
