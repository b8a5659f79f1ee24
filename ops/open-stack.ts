// Opens a stack: what a command needs before it runs Pulumi, in the order in which nothing is done in vain. A wrong
// configuration ends a command before anything else happens, then another run at work, then a toolchain that cannot be
// brought, then an engine that cannot be used.
import type { StackConfig } from "../components/config/keys/base.ts";
import { stackConfig } from "./config-file.ts";
import type { Engine } from "./engine/connect.ts";
import { findEngine } from "./engine/find.ts";
import { type PulumiCli, withEngine } from "./pulumi/cli.ts";
import { clearInterrupted, releaseDeadLocks } from "./pulumi/recover.ts";
import { readState, type StackState } from "./pulumi/state.ts";
import { ensureStack, pulumiCli } from "./pulumi/workspace.ts";

/** A stack on its engine. */
export interface OpenStack {
  config: StackConfig;
  /** The CLI, with the engine's address in its environment. */
  pulumi: PulumiCli;
  engine: Engine;
  /** What Pulumi remembers of the stack, after what an interrupted run left has been cleared. */
  state: StackState;
}

/** What `up` does while it opens a stack, and other commands do not. */
export interface OpenOptions {
  /** How to get an engine. @default findEngine: one that answers, or an error */
  engine?: () => Promise<Engine>;
  /** Completes the configuration with what only the engine can tell. @default it stays as it is written */
  complete?: (engine: Engine, config: StackConfig) => Promise<StackConfig>;
}

/**
 * Opens a stack on its engine; makes it in the backend if it is not there.
 * @throws XnaiError with whatever is in the way
 */
export async function openStack(stack: string, options: OpenOptions = {}): Promise<OpenStack> {
  const { config: written, cli } = await start(stack);
  const engine = await (options.engine ?? findEngine)();
  const config = options.complete ? await options.complete(engine, written) : written;
  const pulumi = withEngine(cli, engine);
  await ensureStack(stack, pulumi);
  const found = await readState(stack, pulumi);
  const state = await clearInterrupted(engine.docker, stack, config, found, pulumi);
  return { config, pulumi, engine, state };
}

/** Opens a stack for a preview, which changes nothing and needs no engine. @throws XnaiError as `openStack` */
export async function openForPreview(stack: string): Promise<Pick<OpenStack, "config" | "pulumi">> {
  const { config, cli } = await start(stack);
  const engine = await findEngine().catch(() => undefined);
  const pulumi = withEngine(cli, engine);
  await ensureStack(stack, pulumi);
  return { config, pulumi };
}

async function start(stack: string): Promise<{ config: StackConfig; cli: PulumiCli }> {
  const config = stackConfig(stack);
  releaseDeadLocks(stack);
  return { config, cli: await pulumiCli(stack) };
}
