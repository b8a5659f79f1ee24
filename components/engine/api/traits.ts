// Asks an engine what it is.
import type Docker from "dockerode";
import {
  type EngineTraits,
  type InfoAnswer,
  isPodman,
  type LibpodInfo,
  traitsOf,
  type VersionAnswer,
} from "../../../lib/engine/traits.ts";
import { libpod } from "./libpod.ts";

/** Options of dockerode's calls that its types lack. */
interface Abortable {
  version(options: { abortSignal: AbortSignal }): Promise<VersionAnswer>;
  info(options: { abortSignal: AbortSignal }): Promise<InfoAnswer>;
}

/** What an engine says of itself. @throws what it answers, or that it does not in time */
export async function askTraits(
  docker: Docker,
  abortSignal: AbortSignal,
): Promise<{ version: VersionAnswer; traits: EngineTraits }> {
  const probe = docker as unknown as Abortable;
  const [version, info] = await Promise.all([probe.version({ abortSignal }), probe.info({ abortSignal })]);
  const own = isPodman(version) ? await libpod<LibpodInfo>(docker, "GET", "/info", { abortSignal }) : undefined;
  return { version, traits: traitsOf(version, info, own) };
}
