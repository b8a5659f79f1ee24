// The incident that started this project: a service that runs as 1001:1001 over data of 1000:1000 dies with
// "PermissionDenied" as it opens its log. A container may write only to what is known to be its own.
import { z } from "zod";
import { label } from "../../../lib/labels.ts";
import { isTask, lookup } from "../../facts/identity.ts";
import type { Inventory } from "../../facts/inventory.ts";
import type { ContainerFacts, MountFact } from "../../facts/model.ts";
import { isKnown, type Maybe, some, UNKNOWN } from "../../facts/unknown.ts";
import { stackRule } from "../../rule.ts";
import { writable } from "../writable-mounts.ts";

const writableMountOwned = stackRule({
  name: "writable-mount-owned",
  title: "What a container may write to belongs to the user that it runs as.",
  why: "A fresh volume belongs to root or to whoever the image says, and old data to whoever wrote it: a task has to hand it over first.",
  severity: "high",
  params: z.strictObject({
    trusted: z
      .array(z.string())
      .default([])
      .describe("Volumes and host paths whose owner is known to be right although nothing here shows it"),
  }),
  references: { docs: "https://docs.docker.com/engine/storage/volumes/#populate-a-volume-using-a-container" },
  check(container, report, { params, inventory }) {
    if (isTask(container)) return;
    const mounts = writable(report.each(container.mounts, "mounts"), report);
    if (mounts.length === 0 || !report.known(container.user, "user")) return;
    const user = container.user === "" ? "the image's user" : container.user;
    for (const mount of mounts) {
      if (params.trusted.includes(mount.source)) continue;
      const { owner, from } = ownerOf(mount, inventory);
      if (!report.known(owner, mount.path)) continue;
      if (owner !== "" && sameUser(owner, container.user)) continue;
      const problem =
        owner === ""
          ? `runs as ${user} and writes to ${mount.source}, but nothing makes that belong to ${user}`
          : `runs as ${user} and writes to ${mount.source}, which belongs to ${owner} (${from})`;
      report.violation(mount.path, problem, {
        pulumi: `let a task without a network chown ${mount.source} first, and label it ${label.owner}=${container.user || "uid:gid"}`,
        compose:
          owner === ""
            ? `add a service that chowns it first (network_mode: "none", depended on with service_completed_successfully, label ${label.owner}: "${container.user || "uid:gid"}")`
            : `write user: "${owner}", or change the owner of ${mount.source}`,
      });
    }
  },
});

export const ownershipRules = [writableMountOwned];

/**
 * The `uid:gid` to which a mount belongs when the container starts, and who says so: the task that prepares it, or the
 * host directory as it is today. "" if nobody does.
 */
function ownerOf(mount: MountFact & { source: string }, inventory: Inventory): { owner: Maybe<string>; from: string } {
  for (const { owner: other, mount: theirs } of mountedBy(mount.source, inventory)) {
    if (!isTask(other) || !mayChown(other)) continue;
    const owner = lookup(other.labels, label.owner);
    if (!isKnown(owner)) return { owner: UNKNOWN, from: other.label };
    if (owner !== undefined && theirs.readOnly === false) return { owner, from: `prepared by ${other.label}` };
  }
  if (mount.ownerOnHost) return { owner: mount.ownerOnHost, from: "on this machine today" };
  return { owner: "", from: "" };
}

/** The containers that mount the same thing, or a host directory above it. */
function mountedBy(source: string, inventory: Inventory): { owner: ContainerFacts; mount: MountFact }[] {
  const above = /^\.?\//.test(source) ? source.split("/").map((_, i, parts) => parts.slice(0, i + 1).join("/")) : [];
  const paths = new Set([source, ...above.filter((path) => path !== "" && path !== ".")]);
  return [...paths].flatMap((path) => inventory.mounting.get(path) ?? []);
}

function mayChown(task: ContainerFacts): boolean {
  const chown = some(task.capAdd, (capability) => /^(CAP_)?(CHOWN|ALL)$/i.test(capability)) === true;
  const keepsDefaults = some(task.capDrop, (capability) => /^(CAP_)?(CHOWN|ALL)$/i.test(capability)) === false;
  return chown || keepsDefaults;
}

/** Whether the user of a container is the owner. A group counts only if both name one. */
function sameUser(owner: string, user: string): boolean {
  const [uid, gid] = owner.split(":");
  const [userId, groupId] = user.split(":");
  return uid === userId && (groupId === undefined || gid === undefined || gid === groupId);
}
