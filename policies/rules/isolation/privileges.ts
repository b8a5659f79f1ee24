// Who a container runs as, and what it may write to by itself.
import { isTask, isTaskWithoutNetwork } from "../../facts/identity.ts";
import { resourceRule } from "../../rule.ts";
import { say, shown, written } from "../../say.ts";

const notPrivileged = resourceRule({
  name: "not-privileged",
  title: "No container is privileged.",
  why: "A privileged container is root on the host: every device, every capability, no confinement.",
  severity: "critical",
  references: {
    cis: ["5.5"],
    kics: ["Privileged Containers Enabled"],
    semgrep: ["privileged-service"],
    composeLint: ["CL-0002"],
  },
  check(container, report) {
    if (!report.known(container.privileged, "privileged") || !container.privileged) return;
    report.violation(
      "privileged",
      say`is privileged`,
      say`remove privileged, and add the one capability or device that it needs`,
    );
  },
});

const nonRootUser = resourceRule({
  name: "non-root-user",
  title: "A container names a user that is not root; only a task without a network may be root.",
  why: "Root in a container is root on the host after one kernel or engine flaw, and root over every mounted file before it.",
  severity: "high",
  references: { cis: ["4.1"], composeLint: ["CL-0018"], checkov: ["CKV_DOCKER_3", "CKV_DOCKER_8"] },
  check(container, report) {
    if (!report.known(container.user, "user")) return;
    const [user = "", group = ""] = container.user.split(":");
    const rootUser = user === "root" || Number(user || "1") === 0;
    const rootGroup = group === "root" || (group !== "" && Number(group) === 0);
    if (user !== "" && !rootUser && !rootGroup) return;
    const task = isTask(container);
    if (
      task &&
      user !== "" &&
      (!report.known(container.networkMode, "networkMode") || container.networkMode === "none")
    )
      return;
    const problem =
      user === ""
        ? say`names no user, so that the image decides, and most images say root`
        : rootUser
          ? say`runs as root (${shown(container.user, "user")})`
          : say`runs in root's group (${shown(container.user, "user")})`;
    const fix = say`write user: "1000:1000" (the owner of its data)`;
    report.violation("user", problem, task ? say`${fix}, or take its network away` : fix);
  },
});

const readOnlyRoot = resourceRule({
  name: "read-only-root",
  title: "A service cannot write to its own root file system.",
  why: "What cannot be written cannot be replaced by an intruder, and what must be kept is on a volume.",
  severity: "high",
  references: { cis: ["5.13"], semgrep: ["writable-filesystem-service"], composeLint: ["CL-0007"] },
  check(container, report) {
    if (isTaskWithoutNetwork(container)) return;
    if (!report.known(container.readOnly, "readOnly") || container.readOnly) return;
    report.violation("readOnly", say`can write to its root file system`, {
      pulumi: say`write readOnly: true, and tmpfs: { "/tmp": "..." } for the paths that it needs to write`,
      compose: say`write read_only: true, and tmpfs: [/tmp] for the paths that it needs to write`,
    });
  },
});

const tmpfsNotExecutable = resourceRule({
  name: "tmpfs-not-executable",
  title: "Nothing that is written to a tmpfs can be started from there.",
  why: "The engine mounts one with noexec and nosuid; without them it is the place where an intruder puts a program, however read-only the rest is.",
  severity: "low",
  level: "advisory",
  references: { composeLint: ["CL-0022"] },
  check(container, report) {
    for (const { path, target, options } of report.each(container.tmpfs, "tmpfs")) {
      if (!report.known(options, path)) continue;
      const given = options.split(",").map((option) => option.trim());
      // The engine takes the last of two that contradict each other.
      const loose = ["exec", "suid"].filter((option) => given.lastIndexOf(option) > given.lastIndexOf(`no${option}`));
      if (loose.length === 0) continue;
      report.violation(
        path,
        say`has a tmpfs at ${shown(target, "path")} with ${written(loose.join(" and "))}`,
        say`remove ${written(loose.join(" and "))} from ${shown(path, "property")}`,
      );
    }
  },
});

export const privilegeRules = [notPrivileged, nonRootUser, readOnlyRoot, tmpfsNotExecutable];
