// How Podman wants a container written, so that it reads it back as it stands and no refresh sees a change. Pure. Tried on 5.4.2;
// what its Docker API leaves out when it reads back is left out here too, and the policies say so (policies/rules/engine.ts).
import { constants } from "node:os";
import type { EngineTraits } from "../../../lib/engine/traits.ts";
import { parseImage } from "../../../policies/facts/image-reference.ts";
import { podmanDefaults } from "../../../policies/tables/capabilities.ts";
import type { PlainContainer } from "../api/create-options.ts";

/** It reads a signal back as its number. */
const signalNumbers: Readonly<Record<string, number>> = constants.signals;

/**
 * A container of the provider's. Options of logs, ulimits and sysctls are not read back: they are left to the engine's own
 * configuration. A limit without its cgroup controller is read back as none.
 */
export function podmanContainer<T extends PlainContainer>(container: T, { limits }: EngineTraits): T {
  const { logOpts, ulimits, sysctls, memory, memorySwap, cpus, gpus, ...rest } = container;
  const { capabilities, healthcheck, stopSignal } = rest;
  return {
    ...rest,
    ...(limits.memory && { memory, memorySwap }),
    ...(limits.cpu && { cpus }),
    // It takes Docker's word for GPUs, and does nothing.
    ...(gpus && { deviceRequests: [{ driver: "cdi", deviceIds: [`nvidia.com/gpu=${gpus}`] }] }),
    ...(capabilities && { capabilities: capabilitiesOf(capabilities.adds ?? []) }),
    ...(healthcheck && { healthcheck: { ...healthcheck, tests: testOf(healthcheck.tests) } }),
    ...(stopSignal && { stopSignal: `${signalNumbers[stopSignal] ?? stopSignal}` }),
    tmpfs: tmpfsOf(container.tmpfs ?? {}, ",rprivate,tmpcopyup"),
  } as T;
}

/** A container that the program makes itself: nothing of it is read back, but Podman's tmpfs knows no owner. */
export const podmanTask = <T extends PlainContainer>(container: T): T => ({
  ...container,
  tmpfs: tmpfsOf(container.tmpfs ?? {}, ""),
});

function capabilitiesOf(adds: string[]): PlainContainer["capabilities"] {
  const added = adds.map((name) => name.replace(/^CAP_/, ""));
  return { adds: [], drops: podmanDefaults.filter((name) => !added.includes(name)) };
}

/** `/var/run` is a link to `/run` in images, and Podman reads back where it leads. */
const tmpfsOf = (tmpfs: Record<string, string>, more: string) =>
  Object.fromEntries(
    Object.entries(tmpfs).map(([path, options]) => [
      path.replace(/^\/var\/run\//, "/run/"),
      `${withoutOwner(options)}${more}`,
    ]),
  );

function withoutOwner(options: string): string {
  const kept = options.split(",").filter((option) => !/^[ug]id=/.test(option));
  const owned = kept.length < options.split(",").length;
  return kept.map((option) => (owned && option.startsWith("mode=") ? "mode=1777" : option)).join(",");
}

/** It splits the words of `CMD` at every blank; the text of `CMD-SHELL` it leaves alone. */
function testOf([kind, ...words]: string[] = []): string[] {
  if (kind !== "CMD" || words.every((word) => /^[^\s"'\\]+$/.test(word))) return [kind ?? "NONE", ...words];
  const [shell, flag, script, ...more] = words;
  if (shell === "sh" && flag === "-c" && more.length === 0) return ["CMD-SHELL", script ?? ""];
  return ["CMD-SHELL", words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ")];
}

/** It reads an image back with its registry, and one with a digest without its tag. */
export function podmanImage(reference: string): string {
  const image = parseImage(reference);
  if (image?.digest === undefined) return reference;
  const { registry, path, digest } = image;
  const official = registry === "docker.io" && !path.includes("/") ? "library/" : "";
  return `${registry}/${official}${path}@${digest}`;
}
