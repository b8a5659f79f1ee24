// On which engine a stack lives. Its data is there and nowhere else: on another one it would start anew, and empty.
import type { StackConfig } from "../../../components/config/keys/base.ts";
import { EngineError } from "../../../lib/engine/connection-error.ts";
import { type EngineTraits, engineName } from "../../../lib/engine/traits.ts";
import type { StackState } from "../../pulumi/state.ts";
import type { Engine } from "./connect.ts";

/** The engine of a stack that has something on one. */
export type Home = Pick<EngineTraits, "kind" | "rootless">;

/** By the configuration, as the last `up` wrote it; undefined for a stack that has nothing on any engine. Pure. */
export function homeOf({ engine }: StackConfig, state: StackState | undefined): Home | undefined {
  const made = state?.resources.some(({ type }) => type.startsWith("docker:"));
  return made ? { kind: engine.kind, rootless: engine.rootless } : undefined;
}

/**
 * Whether an engine may be that one. Docker with root is what nobody wrote down, so that a rootless one may be, too: what is missing
 * there is noticed before anything is made. Pure.
 */
export function isHome(home: Home, { kind, rootless }: Home): boolean {
  if (home.kind !== kind) return false;
  return home.rootless === rootless || (kind === "docker" && !home.rootless);
}

/** @throws EngineError when the user asks for another engine than the stack's own, before any is started or installed for it */
export function checkKind(home: Home | undefined, kind: EngineTraits["kind"] | undefined): void {
  if (!home || kind === undefined || home.kind === kind) return;
  throw new EngineError(
    "elsewhere",
    `This stack and its data are on ${title(home)}, and on ${engineName({ kind })} (--engine ${kind}) it would start empty.`,
    "Leave --engine out. To move to the other one: docs/moving.md. Nothing was changed.",
  );
}

/** @throws EngineError that names both when a stack would come up on another engine than its own */
export function checkIsHome(home: Home | undefined, { traits, version, host }: Engine): void {
  if (!home || isHome(home, traits)) return;
  throw new EngineError(
    "elsewhere",
    `This stack and its data are on ${title(home)}, and this run would use ${title(traits)} ${version} at ${host}, where it would start empty.`,
    `Use its own engine: ${away(home)}. To move to the other one: docs/moving.md. Nothing was changed.`,
  );
}

/** `Podman, rootless`. */
export const title = (home: Home): string => `${engineName(home)}${home.rootless ? ", rootless" : ""}`;

const away = ({ kind, rootless }: Home) =>
  kind === "podman"
    ? `start Podman's socket (${rootless ? "systemctl --user" : "systemctl"} enable --now podman.socket), and name no other one (DOCKER_HOST, --engine)`
    : `start Docker${rootless ? " (systemctl --user start docker)" : " (systemctl start docker)"}, and name no other one (DOCKER_HOST, --engine)`;
