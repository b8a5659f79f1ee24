// What an engine is, as far as a stack is written differently for it. Read from the engine itself, and kept in the stack's
// configuration, because a preview without an engine must come to the same plan.
import { z } from "zod";

const takes = (what: string) => z.boolean().default(true).describe(`Whether it takes limits of ${what}`);

/** The engines that a stack runs on. */
export const engineKinds = ["docker", "podman"] as const;

/** The key `engine` of the configuration; its defaults are Docker's own. */
export const engineTraits = z.strictObject({
  kind: z.enum(engineKinds).default("docker").describe("What the engine is"),
  rootless: z.boolean().default(false).describe("Whether it runs without root, in a user namespace"),
  limits: z
    .strictObject({ memory: takes("memory"), cpu: takes("processor time"), pids: takes("processes") })
    .prefault({})
    .describe("False where the engine has no cgroup controller for it, and reads it back as none"),
  cgroups: z
    .boolean()
    .default(true)
    .describe("False where it keeps every limit and enforces none, for want of cgroups"),
  networkOptions: z
    .record(z.string(), z.string())
    .default({})
    .describe("Options that it gives to every network by itself (dockerd --default-network-opt)"),
});

/** An engine in the stack's own words. */
export type EngineTraits = z.infer<typeof engineTraits>;

/** Docker with root, on a machine that can limit everything. */
export const plainDocker: EngineTraits = engineTraits.parse({});

/** What `/version` says, as far as it is read. */
export interface VersionAnswer {
  Version?: string;
  ApiVersion?: string;
  /** The oldest that it still answers to. */
  MinAPIVersion?: string;
  Components?: { Name: string }[];
}

/** What `/info` says, as far as it is read. */
export interface InfoAnswer {
  SecurityOptions?: string[];
  CgroupDriver?: string;
  MemoryLimit?: boolean;
  CpuCfsQuota?: boolean;
  PidsLimit?: boolean;
}

/** What Podman says at `/libpod/info`, as far as it is read: its `/info` calls every limit possible that the kernel has. */
export interface LibpodInfo {
  host?: { cgroupControllers?: string[] };
}

/** Whether this is Podman, which speaks Docker's language too. */
export const isPodman = ({ Components = [] }: VersionAnswer): boolean =>
  Components.some(({ Name }) => Name === "Podman Engine");

/** Its name as people write it. */
export const engineName = ({ kind }: Pick<EngineTraits, "kind">): string =>
  ({ docker: "Docker", podman: "Podman" })[kind];

/**
 * Whether clients beyond this machine are answered on a published port. With root Podman hands their packets on as they come, and
 * the network that publishes ports has no route by which to answer: it would be a way out, since Podman always masquerades.
 */
export const answersBeyondHost = ({ kind, rootless }: EngineTraits): boolean => kind !== "podman" || rootless;

/**
 * Whether containers reach what listens on the machine itself, by its address on their bridge. Without root the bridge lies in
 * a network namespace of the engine's own, whose other end is a program that leads everywhere.
 */
export const reachesHost = ({ rootless }: EngineTraits): boolean => !rootless;

/** The traits of an engine, from what it says of itself. Pure. @param libpod Podman's own answer */
export function traitsOf(version: VersionAnswer, info: InfoAnswer, libpod: LibpodInfo = {}): EngineTraits {
  const kind = isPodman(version) ? "podman" : "docker";
  const rootless = (info.SecurityOptions ?? []).some((option) => option.includes("rootless"));
  const limits = kind === "podman" ? podmanLimits(libpod) : dockerLimits(info);
  return { ...plainDocker, kind, rootless, limits, cgroups: info.CgroupDriver !== "none" };
}

/** Whether a limit is taken and enforced. Pure. */
export const enforces = ({ cgroups, limits }: EngineTraits, limit: keyof EngineTraits["limits"]): boolean =>
  cgroups && limits[limit];

/** An old engine does not say: then it does. */
const dockerLimits = ({ MemoryLimit, CpuCfsQuota, PidsLimit }: InfoAnswer): EngineTraits["limits"] => ({
  memory: MemoryLimit !== false,
  cpu: CpuCfsQuota !== false,
  pids: PidsLimit !== false,
});

function podmanLimits({ host }: LibpodInfo): EngineTraits["limits"] {
  const can = (controller: string) => host?.cgroupControllers?.includes(controller) ?? true;
  return { memory: can("memory"), cpu: can("cpu"), pids: can("pids") };
}
