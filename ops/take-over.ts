// `up --take-over`: this clone becomes the one whose stack it is, where the state of the clone that made it is gone for good.
// Containers and networks that the state does not know are removed, so that `up` makes them anew around the data. Data is never
// touched; a state that cannot be used is put aside and kept.
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import type Docker from "dockerode";
import type { StackConfig } from "../components/config/keys/base.ts";
import { isBuiltHere } from "../components/image-source.ts";
import type { EngineTraits } from "../lib/engine/traits.ts";
import { exitCode, XnaiError } from "../lib/errors.ts";
import { say } from "../lib/progress.ts";
import { noteTakenOver } from "./applying.ts";
import { configDocument, hasSecrets, saltOf, stackConfig, writeConfig, writeSalt } from "./config-file.ts";
import { askForConsent } from "./consent.ts";
import type { Engine } from "./engine/connection/connect.ts";
import { findEngine } from "./engine/connection/find.ts";
import { checkNoForeignUsers } from "./engine/preflight/foreign-users.ts";
import { type Made, madeOn } from "./engine/preflight/lost-state.ts";
import { project, stateDir } from "./paths.ts";
import { stateFile, usesLocalBackend } from "./pulumi/backend.ts";
import { copyFolders } from "./pulumi/checkpoints/backups.ts";
import { type Checkpoint, isWhole, readCheckpoint } from "./pulumi/checkpoints/checkpoint.ts";
import { passphraseOpens } from "./pulumi/passphrase.ts";
import type { StackState } from "./pulumi/state.ts";

/**
 * Clears the way for an `up` that takes over what the stack has on the engine, and hands the engine on.
 * @throws XnaiError (usage) when there is nobody to ask, or the configuration has to say more, (machine) for containers of
 *   somebody else in the way, (failed) when the answer is no
 */
export async function takeOver(stack: string, yes: boolean, kind?: EngineTraits["kind"]): Promise<Engine> {
  const config = stackConfig(stack);
  // The state may be gone; where the stack lived stands in the configuration.
  const engine = await findEngine(kind ? { kind } : { home: config.engine });
  const { docker } = engine;
  const usable = await usableState(stack);
  const state: StackState = { resources: usable?.deployment?.resources ?? [], pending: [] };
  const unknown = await unknownOn(docker, config, state);
  const salt = saltOf(stack);
  const saltIsLost = salt !== undefined && !(await opens(salt));
  if (saltIsLost && hasSecrets(stack))
    throw new XnaiError(
      exitCode.usage,
      `Pulumi.${stack}.yaml holds encrypted values (secure: ...) that the passphrase does not open.`,
      "Write them anew as plain values or leave them out, then run the same command again. Nothing was changed.",
    );
  await checkNoForeignUsers(docker, config, ours(state, unknown), []);
  // A state that can be used says so itself.
  const source = usable === undefined ? await imageSource(docker, stack, unknown) : undefined;
  if (!yes) await askFirst(stack, usable === undefined, unknown);
  if (usable === undefined) {
    putAside(stack);
    noteTakenOver(stack);
  }
  if (saltIsLost) writeSalt(stack, undefined);
  if (source !== undefined) writeConfig(stack, [`${project}:images`, "source"], source);
  await remove(docker, unknown);
  return engine;
}

/** The local state, if it is whole, has anything in it, and can be opened. */
async function usableState(stack: string): Promise<Checkpoint | undefined> {
  if (!usesLocalBackend()) return undefined;
  const read = readCheckpoint(stateFile(stack), stack);
  if (!isWhole(read) || read.resources === 0) return undefined;
  return read.salt === undefined || (await opens(read.salt)) ? read : undefined;
}

/** A passphrase that is not there opens nothing. */
const opens = (salt: string) => passphraseOpens(salt).catch(() => false);

/** What has the stack's label and names, without what the state knows. */
async function unknownOn(docker: Docker, config: StackConfig, state: StackState): Promise<Made & { ids: string[] }> {
  const { containers, networks, volumes } = await madeOn(docker, config);
  const known = new Set(state.resources.map(({ id }) => id));
  const idOf = async (name: string) => (await docker.getContainer(name).inspect()).Id;
  const containerIds = await Promise.all(containers.map(idOf));
  const networkIds = await Promise.all(networks.map(async (name) => (await docker.getNetwork(name).inspect()).Id));
  return {
    containers: containers.filter((_, index) => !known.has(containerIds[index])),
    networks: networks.filter((_, index) => !known.has(networkIds[index])),
    volumes,
    ids: containerIds,
  };
}

/** A state that knows these containers, too: they are not in the way. */
const ours = (state: StackState, { ids }: { ids: string[] }): StackState => ({
  pending: [],
  resources: [
    ...state.resources,
    ...ids.map((id) => ({ urn: `urn:pulumi::${id}`, type: "docker:index/container:Container", id })),
  ],
});

/** Which images wrote the data, where the configuration does not say: another source may have another major version. */
async function imageSource(docker: Docker, stack: string, { containers, volumes }: Made): Promise<string | undefined> {
  if (configDocument(stack).hasIn(["config", `${project}:images`, "source"]) || volumes.length === 0) return undefined;
  const [container] = containers;
  if (container === undefined)
    throw new XnaiError(
      exitCode.usage,
      `Pulumi.${stack}.yaml does not say which images wrote the data in ${volumes.join(", ")}.`,
      `Write it: images from Docker Hub are "${project}:images: { source: hub }", those that were built on this machine "local". Nothing was changed.`,
    );
  const { Config } = await docker.getContainer(container).inspect();
  return isBuiltHere(Config.Image) ? "local" : "hub";
}

async function askFirst(stack: string, anew: boolean, { containers, networks }: Made): Promise<void> {
  const removed = [...containers, ...networks].join(", ") || "nothing";
  await askForConsent(
    `Stack ${stack} takes over the data on this engine${anew ? ", with a new state and new passwords" : ""}. Removed and made anew: ${removed}. Go on?`,
  );
}

/** Moves the stack's state and Pulumi's copies of it to a folder of their own: nothing is deleted. */
function putAside(stack: string): void {
  if (!usesLocalBackend()) return;
  const file = stateFile(stack);
  const places = [file, `${file}.bak`, ...copyFolders(stack)].filter((place) => existsSync(place));
  if (places.length === 0) return;
  const folder = join(stateDir, `${stack}.put-aside-${Date.now()}`);
  for (const place of places) {
    const kept = join(folder, place.startsWith(file) ? "." : basename(join(place, "../..")));
    mkdirSync(kept, { recursive: true, mode: 0o700 });
    renameSync(place, join(kept, basename(place)));
  }
  say(`the state that cannot be used is kept in ${folder}`);
}

async function remove(docker: Docker, { containers, networks }: Made): Promise<void> {
  for (const name of containers) {
    const container = docker.getContainer(name);
    // As long as the longest of the services may take to write its data.
    await container.stop({ t: 60 }).catch(() => undefined);
    await container.remove({ force: true });
    say(`container ${name} is removed; up makes it anew`);
  }
  for (const name of networks) {
    await docker.getNetwork(name).remove();
    say(`network ${name} is removed; up makes it anew`);
  }
}
