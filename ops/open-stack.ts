// Opens a stack: what a command needs before it runs Pulumi, in the order in which nothing is done in vain. A wrong
// configuration ends a command before anything else happens, then another run at work, then a toolchain that cannot be
// brought, then an engine that cannot be used.
import type { StackConfig } from "../components/config/keys/base.ts";
import { stackConfig } from "./config-file.ts";
import type { Engine } from "./engine/connection/connect.ts";
import { findEngine } from "./engine/connection/find.ts";
import { checkIsHome, type Home, homeOf } from "./engine/connection/home.ts";
import { checkNotLost } from "./engine/preflight/lost-state.ts";
import { usesLocalBackend } from "./pulumi/backend.ts";
import { checkConfigIsThere, localCheckpoint } from "./pulumi/checkpoints/check.ts";
import { type PulumiCli, withEngine } from "./pulumi/cli.ts";
import { checkPassphrase } from "./pulumi/passphrase.ts";
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
  /** How to get an engine, for a stack that lives there. @default findEngine: one that answers, or an error */
  engine?: (home: Home | undefined) => Promise<Engine>;
  /** Completes the configuration with what only the engine can tell. @default it stays as it is written */
  complete?: (engine: Engine, config: StackConfig, state: StackState) => Promise<StackConfig>;
  /** Whether data that this clone's state does not know becomes the stack's own. */
  takeOver?: boolean;
}

/**
 * Opens a stack on its engine; makes it in the backend if it is not there.
 * @throws XnaiError with whatever is in the way
 */
export async function openStack(stack: string, options: OpenOptions = {}): Promise<OpenStack> {
  const { config: written, cli } = await start(stack);
  const found = await readState(stack, cli);
  const home = homeOf(written, found);
  const engine = options.engine ? await options.engine(home) : await findEngine({ home });
  checkIsHome(home, engine);
  const pulumi = withEngine(cli, engine);
  if (!options.takeOver) await checkNotLost(engine.docker, stack, written, found);
  await checkPassphrase(stack);
  const config = options.complete ? await options.complete(engine, written, found) : written;
  await ensureStack(stack, pulumi);
  const state = await clearInterrupted(engine.docker, stack, config, found, pulumi);
  return { config, pulumi, engine, state };
}

async function start(stack: string): Promise<{ config: StackConfig; cli: PulumiCli }> {
  const config = stackConfig(stack);
  if (usesLocalBackend()) checkConfigIsThere(stack, localCheckpoint(stack)?.resources ?? 0);
  releaseDeadLocks(stack);
  return { config, cli: await pulumiCli(stack) };
}
