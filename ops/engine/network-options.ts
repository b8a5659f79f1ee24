// Options that an engine gives to every network by itself: `dockerd --default-network-opt`, with which people set an MTU or switch
// IPv6 on. It reads them back, so that a network without them in its description would be made anew at every update; and no answer
// of the engine lists them. Hence they are seen on a network.
import type Docker from "dockerode";
import type { StackConfig } from "../../components/config/keys/base.ts";
import { networkNames } from "../../components/definition/names.ts";
import { ignore } from "../../components/engine/api/ignore.ts";
import type { EngineTraits } from "../../lib/engine/traits.ts";
import { isBefore } from "../../lib/engine/versions.ts";
import { label } from "../../lib/labels.ts";
import type { Engine } from "./connection/connect.ts";

/** Docker 24: the first that has them. */
const firstApi = [1, 43] as const;

type Options = Record<string, string>;

/**
 * What the engine is, with these options. As long as the stack has networks they stay what was written down when those were made.
 * @throws what the engine answers when it cannot make a network
 */
export async function withNetworkOptions(
  { docker, traits, apiVersion }: Pick<Engine, "docker" | "traits" | "apiVersion">,
  { prefix, engine: written }: Pick<StackConfig, "prefix" | "engine">,
): Promise<EngineTraits> {
  if (traits.kind !== "docker" || isBefore(apiVersion, firstApi)) return traits;
  const made = await optionsOfMade(docker, { prefix, engine: written });
  return { ...traits, networkOptions: made ?? (await optionsOfNewNetwork(docker, prefix)) };
}

/** The same without making a network for it: of a stack that has none, what was written down. */
export async function withSeenNetworkOptions(
  { docker, traits }: Pick<Engine, "docker" | "traits">,
  config: Pick<StackConfig, "prefix" | "engine">,
): Promise<EngineTraits> {
  if (traits.kind !== "docker") return traits;
  return { ...traits, networkOptions: (await optionsOfMade(docker, config)) ?? config.engine.networkOptions };
}

/** @returns undefined if the stack has no network */
async function optionsOfMade(
  docker: Docker,
  { prefix, engine: { networkOptions } }: Pick<StackConfig, "prefix" | "engine">,
): Promise<Options | undefined> {
  // The stack gives that one no options of its own.
  const made = await optionsOf(docker, networkNames(prefix).web);
  return made !== undefined && Object.keys(networkOptions).length > 0 ? networkOptions : made;
}

/** @returns undefined if there is no such network */
async function optionsOf(docker: Docker, name: string): Promise<Options | undefined> {
  const found = await docker.getNetwork(name).inspect().catch(ignore(404));
  return found && (found.Options ?? {});
}

async function optionsOfNewNetwork(docker: Docker, prefix: string): Promise<Options> {
  // With the stack's label: what an interrupted run leaves is removed by the next one.
  const network = await docker.createNetwork({
    Name: `${prefix}_trial`,
    Driver: "bridge",
    Internal: true,
    Labels: { [label.stack]: prefix },
  });
  try {
    return (await optionsOf(docker, network.id)) ?? {};
  } finally {
    await network.remove();
  }
}
