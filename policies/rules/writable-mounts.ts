// Data that a container may write to: several areas have rules about it.
import type { MountFact } from "../facts/model.ts";
import type { Reporter } from "../rule.ts";

/** The volumes and host directories that the container may write to. What is not known is noted as undecided. */
export function writable(mounts: MountFact[], report: Reporter): (MountFact & { source: string })[] {
  return mounts.filter((mount): mount is MountFact & { source: string } => {
    if ((mount.type !== "volume" && mount.type !== "bind") || mount.given === "api-socket") return false;
    if (!report.known(mount.readOnly, `${mount.path}.readOnly`) || mount.readOnly) return false;
    return report.known(mount.source, mount.path) && mount.source !== "";
  });
}
