// Owners of files as the host numbers them: in the user namespace of an engine without root they have other numbers, and people
// look at them on the host.
import type Docker from "dockerode";
import type { EngineTraits } from "../../../lib/engine/traits.ts";
import { libpod } from "../api/libpod.ts";

/** A run of numbers in a user namespace, and where it begins on the host. */
interface Range {
  container_id: number;
  host_id: number;
  size: number;
}

/** What Podman says of its user namespace. */
export interface IdMappings {
  uidmap?: Range[] | null;
  gidmap?: Range[] | null;
}

/** What the kernel shows in a user namespace for every owner that it does not map. */
const unmapped = 65_534;

/** `uid:gid`, and neither a time nor a port. */
const owner = /(?<![\d:.])(\d+):(\d+)(?![\d:.])/;

/** A task's line with the host's number behind each `uid:gid`. Pure. */
export function withHostIds(line: string, { uidmap, gidmap }: IdMappings): string {
  if (!uidmap || !gidmap) return line;
  return line.replace(new RegExp(owner, "g"), (pair, uid: string, gid: string) => {
    if (Number(uid) === unmapped)
      return `${pair} (somebody on the host whom this engine's user namespace does not know)`;
    const [user, group] = [onHost(Number(uid), uidmap), onHost(Number(gid), gidmap)];
    return user === undefined || group === undefined ? pair : `${pair} (${user}:${group} on the host)`;
  });
}

function onHost(id: number, ranges: Range[]): number | undefined {
  const range = ranges.find(({ container_id, size }) => id >= container_id && id < container_id + size);
  return range && range.host_id + id - range.container_id;
}

/** Lines of a task as its user understands them. Docker does not tell how it maps its users. */
export async function inHostNumbers(
  docker: Docker,
  { kind, rootless }: EngineTraits,
  lines: string[],
): Promise<string[]> {
  if (kind !== "podman" || !rootless || !lines.some((line) => owner.test(line))) return lines;
  const { host } = await libpod<{ host?: { idMappings?: IdMappings } }>(docker, "GET", "/info");
  return lines.map((line) => withHostIds(line, host?.idMappings ?? {}));
}
