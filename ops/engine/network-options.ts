// Options that an engine gives to every network by itself: `dockerd --default-network-opt`, with which people set an MTU or switch
// IPv6 on. It reads them back, so that a network without them in its description would be made anew at every update; and no answer
// of the engine lists them. Hence they are seen on a network.
import type Docker from "dockerode";
import type { StackConfig } from "../../components/config/keys/base.ts";
import { networkNames } from "../../components/definition/names.ts";
import type { EngineTraits } from "../../lib/engine/traits.ts";
import { label } from "../../lib/labels.ts";
import type { Engine } from "./connect.ts";

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
  const [major = 0, minor = 0] = apiVersion.split(".").map(Number);
  if (traits.kind !== "docker" || major < firstApi[0] || (major === firstApi[0] && minor < firstApi[1])) return traits;
  // The stack gives that one no options of its own.
  const made = await optionsOf(docker, networkNames(prefix).web);
  if (made !== undefined && Object.keys(written.networkOptions).length > 0)
    return { ...traits, networkOptions: written.networkOptions };
  return { ...traits, networkOptions: made ?? (await optionsOfNewNetwork(docker, prefix)) };
}

/** @returns undefined if there is no such network */
async function optionsOf(docker: Docker, name: string): Promise<Options | undefined> {
  try {
    const { Options: options } = (await docker.getNetwork(name).inspect()) as { Options: Options | null };
    return options ?? {};
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw error;
  }
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
