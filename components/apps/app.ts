// An app in TypeScript. `new App("rag_api", {...})` in apps.ts says what `xnai:apps.rag_api` says in YAML: the same keys, the same
// checks, the same app.
import type { z } from "zod";
import type { KeysForApps } from "../config/keys/base.ts";
import type { appKeys } from "./config.ts";

/** What is said of an app: every key of docs/configuration.md; what has a default may be left out. */
export type AppArgs = z.input<typeof appKeys> & { [K in keyof KeysForApps]?: Partial<NonNullable<KeysForApps[K]>> };

/** Those of this process, by name. */
const declared = new Map<string, AppArgs>();

/** A container of your own that runs as a service of the stack (docs/apps.md). */
export class App {
  /** What others in the stack call it, and the key under `xnai:apps` that it stands for. */
  readonly name: string;

  /** @throws Error when there is one of that name */
  constructor(name: string, args: AppArgs) {
    if (declared.has(name)) throw new Error(`there are two apps called ${name}`);
    declared.set(name, args);
    this.name = name;
  }
}

/** Every app that was made so far. */
export const declaredApps = (): Record<string, AppArgs> => Object.fromEntries(declared);
