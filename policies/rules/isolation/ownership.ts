// The incident that started this project: a service that runs as 1001:1001 over data of 1000:1000 dies with
// "PermissionDenied" as it opens its log. A container may write only to what is known to be its own.
import { z } from "zod";
import { label } from "../../../lib/labels.ts";
import { isTask, lookup } from "../../facts/identity.ts";
import type { Inventory } from "../../facts/inventory.ts";
import type { ContainerFacts, MountFact } from "../../facts/model.ts";
import { isKnown, type Maybe, some, UNKNOWN } from "../../facts/unknown.ts";
import { stackRule } from "../../rule.ts";
import { type Said, say, shown, written } from "../../say.ts";
import { writable } from "../writable-mounts.ts";

const writableMountOwned = stackRule({
  name: "writable-mount-owned",
  title: "What a container may write to belongs to the user that it runs as.",
  why: "An empty volume takes the owner of the image's directory, or root where there is none, and old data belongs to whoever wrote it: to another user a task has to hand it over first.",
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
    for (const mount of mounts) {
      if (params.trusted.includes(mount.source)) continue;
      const { owner, from } = ownerOf(mount, inventory);
      if (!report.known(owner, mount.path)) continue;
      if (owner !== "" && sameUser(owner, container.user)) continue;
      if (owner === "" && belongsToImage(mount, container)) continue;
      const user = container.user === "" ? say`the image's user` : shown(container.user, "user");
      const source = shown(mount.source, "path");
      const belongs =
        owner === "" ? nobodyGives(mount, container, user) : say`which belongs to ${shown(owner, "user")} (${from})`;
      report.violation(mount.path, say`runs as ${user} and writes to ${source}, ${belongs}`, {
        pulumi: say`let a task without a network chown ${source} first, and label it ${written(label.owner)}=${uidOf(container)}`,
        compose: composeFix(mount, container, owner),
      });
    }
  },
});

/** What is true of data that no task and no look at the host gives to anybody. */
function nobodyGives(mount: MountFact, container: ContainerFacts, user: Said): Said {
  if (container.dialect === "pulumi") return say`but nothing makes that belong to ${user}`;
  if (mount.type === "bind") return say`which is not there: the engine makes it, and it belongs to root`;
  return say`which belongs, while it is empty, to whoever owns ${isKnown(mount.target) ? shown(mount.target, "path") : say`that directory`} in the image, or to root`;
}

/**
 * Whether a service of a compose file leaves the user to its image, and the volume too: the engine gives an empty volume the
 * owner of the image's directory, so that the two belong together.
 */
function belongsToImage(mount: MountFact, container: ContainerFacts): boolean {
  return container.dialect === "compose" && mount.type === "volume" && container.user === "";
}

function composeFix(mount: MountFact & { source: string }, container: ContainerFacts, owner: string): Said {
  const source = shown(mount.source, "path");
  const user = uidOf(container);
  if (owner !== "" && !/^(root|0)?(:|$)/.test(owner) && !/:(root|0)$/.test(owner))
    return say`write user: "${shown(owner, "user")}", or change the owner of ${source}`;
  if (mount.type === "bind")
    return say`write user: "${user}", and give it the directory: sudo install -d -o ${uid(user)} -g ${gid(user)} ${source}`;
  return say`add a service that chowns it first (network_mode: "none", depended on with service_completed_successfully, label ${written(label.owner)}: "${user}")`;
}

/** The user of the container; an example of one if it names none, or root. */
function uidOf(container: ContainerFacts): Said {
  const user = isKnown(container.user) ? container.user : "";
  return shown(/^[1-9]\d*(:[1-9]\d*)?$/.test(user) ? user : "1000:1000", "user");
}

const uid = (user: Said) => shown(user.split(":")[0] ?? "", "user");
const gid = (user: Said) => shown(user.split(":")[1] ?? user, "user");

export const ownershipRules = [writableMountOwned];

/**
 * The `uid:gid` to which a mount belongs when the container starts, and who says so: the task that prepares it, or the
 * host directory as it is today. "" if nobody does.
 */
function ownerOf(mount: MountFact & { source: string }, inventory: Inventory): { owner: Maybe<string>; from: Said } {
  for (const { owner: other, mount: theirs } of mountedBy(mount.source, inventory)) {
    if (!isTask(other) || !mayChown(other)) continue;
    const owner = lookup(other.labels, label.owner);
    if (!isKnown(owner)) return { owner: UNKNOWN, from: shown(other.label, "name") };
    if (owner !== undefined && theirs.readOnly === false)
      return { owner, from: say`prepared by ${shown(other.label, "name")}` };
  }
  if (mount.ownerOnHost) return { owner: mount.ownerOnHost, from: say`on this machine today` };
  return { owner: "", from: say`` };
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
