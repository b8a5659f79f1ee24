// What several containers mount: one of them writes, and none takes it away from the others.
import { listed, runTogether } from "../../facts/company.ts";
import { isTask } from "../../facts/identity.ts";
import { stackRule } from "../../rule.ts";
import { say, shown } from "../../say.ts";
import { isSensitive, normalized } from "../../tables/host-paths.ts";
import { writable } from "../writable-mounts.ts";

const volumeWrittenByOne = stackRule({
  name: "volume-written-by-one",
  title: "A volume is written by one service only.",
  why: "Two writers corrupt each other's data sooner or later, and an intruder in one is in both.",
  severity: "low",
  level: "advisory",
  references: { kics: ["Shared Volumes Between Containers"] },
  check(container, report, { inventory }) {
    if (isTask(container)) return;
    for (const mount of writable(report.each(container.mounts, "mounts"), report)) {
      const others = (inventory.mounting.get(mount.source) ?? [])
        .filter(({ owner, mount: its }) => owner.id !== container.id && its.readOnly === false && !isTask(owner))
        .filter(({ owner }) => runTogether(container, owner));
      if (others.length === 0) continue;
      const problem = say`writes to ${shown(mount.source, "path")}, and so does ${listed(others.map(({ owner }) => owner.label))}`;
      report.violation(mount.path, problem, say`mount it read-only in all but one`);
    }
  },
});

const noPrivateRelabel = stackRule({
  name: "no-private-relabel",
  title: "What several containers mount, or the system uses, is not relabelled for one of them (:Z).",
  why: "On SELinux hosts :Z takes the directory away from everybody else, and on a system directory it breaks the host.",
  severity: "medium",
  references: { docs: "https://docs.docker.com/engine/storage/bind-mounts/#configure-the-selinux-label" },
  check(container, report, { inventory }) {
    for (const mount of report.each(container.mounts, "mounts")) {
      if (!report.known(mount.relabel, mount.path) || mount.relabel !== "Z" || !report.known(mount.source, mount.path))
        continue;
      const others = (inventory.mounting.get(mount.source) ?? []).filter((other) => other.owner.id !== container.id);
      const names = listed(others.map(({ owner }) => owner.label));
      if (names === "" && !isSensitive(normalized(mount.source))) continue;
      const also = names === "" ? say`the system uses` : say`${names} mounts too`;
      report.violation(mount.path, say`relabels ${shown(mount.source, "path")} for itself alone (:Z), which ${also}`, {
        pulumi: say`write selinuxRelabel: "z" in ${shown(mount.path, "property")}`,
        compose: say`write :z instead of :Z in ${shown(mount.path, "property")}`,
      });
    }
  },
});

export const sharedMountRules = [volumeWrittenByOne, noPrivateRelabel];
