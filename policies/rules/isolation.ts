// What separates a container from the host: user, privileges, capabilities, namespaces, devices, kernel confinement.
import { z } from "zod";
import { some } from "../facts/maybe.ts";
import { isJob, resourceRule } from "../rule.ts";

/** What a preparing Job may have: enough to hand a directory over, no more (DESIGN.md 3.3). */
const jobCapabilities = ["CHOWN", "DAC_OVERRIDE", "FOWNER"];

const notPrivileged = resourceRule({
  name: "not-privileged",
  area: "isolation",
  title: "No container is privileged.",
  why: "A privileged container is root on the host: every device, every capability, no confinement.",
  severity: "critical",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: { cis: ["5.5"], kics: ["Privileged Containers Enabled"], semgrep: ["privileged-service"] },
  check(container, report) {
    if (!report.known(container.privileged, "privileged") || !container.privileged) return;
    report.violation(
      "privileged",
      "is privileged",
      "remove privileged, and add the one capability or device that it needs",
    );
  },
});

const nonRootUser = resourceRule({
  name: "non-root-user",
  area: "isolation",
  title: "A container names a user that is not root; only a Job without a network may be root.",
  why: "Root in a container is root on the host after one kernel or engine flaw, and root over every mounted file before it.",
  severity: "high",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: { cis: ["4.1"], checkov: ["CKV_DOCKER_3", "CKV_DOCKER_8"] },
  check(container, report) {
    if (!report.known(container.user, "user")) return;
    const [user = "", group = ""] = container.user.split(":");
    const rootUser = user === "root" || Number(user || "1") === 0;
    const rootGroup = group === "root" || (group !== "" && Number(group) === 0);
    if (user !== "" && !rootUser && !rootGroup) return;
    const job = isJob(container);
    if (job && user !== "" && (!report.known(container.networkMode, "networkMode") || container.networkMode === "none"))
      return;
    const problem =
      user === ""
        ? "names no user, so that the image decides, and most images say root"
        : rootUser
          ? `runs as root (${container.user})`
          : `runs in root's group (${container.user})`;
    const fix = 'write user: "1000:1000" (the owner of its data)';
    report.violation("user", problem, job ? `${fix}, or take its network away` : fix);
  },
});

const readOnlyRoot = resourceRule({
  name: "read-only-root",
  area: "isolation",
  title: "A service cannot write to its own root file system.",
  why: "What cannot be written cannot be replaced by an intruder, and what must be kept is on a volume.",
  severity: "high",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: { cis: ["5.13"], semgrep: ["writable-filesystem-service"] },
  check(container, report) {
    if (isJob(container) || !report.known(container.readOnly, "readOnly") || container.readOnly) return;
    report.violation("readOnly", "can write to its root file system", {
      pulumi: 'write readOnly: true, and tmpfs: { "/tmp": "..." } for the paths that it needs to write',
      compose: "write read_only: true, and tmpfs: [/tmp] for the paths that it needs to write",
    });
  },
});

const capabilitiesDropped = resourceRule({
  name: "capabilities-dropped",
  area: "isolation",
  title: "A container drops all capabilities, and adds back the few that it needs.",
  why: "The engine gives fourteen by default; nearly no service needs one.",
  severity: "medium",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: { cis: ["5.4"], kics: ["Container Capabilities Unrestricted"] },
  check(container, report) {
    const dropped = some(container.capDrop, (capability) => bare(capability) === "ALL");
    if (!report.known(dropped, "capabilities.drops") || dropped) return;
    report.violation("capabilities.drops", "keeps the engine's default capabilities", {
      pulumi: 'write capabilities: { drops: ["ALL"] }',
      compose: "write cap_drop: [ALL]",
    });
  },
});

const capabilitiesAllowed = resourceRule({
  name: "capabilities-allowed",
  area: "isolation",
  title: "No capability is added except those that the configuration allows.",
  why: "SYS_ADMIN, SYS_MODULE, SYS_PTRACE or DAC_READ_SEARCH are as good as root on the host.",
  severity: "high",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({
    allowed: z.array(z.string()).default(["NET_BIND_SERVICE"]).describe("Capabilities that a service may add"),
    job: z
      .array(z.string())
      .default(jobCapabilities)
      .describe("Capabilities that a preparing Job without a network may add"),
  }),
  references: {
    cis: ["5.4"],
    kics: ["Container Capabilities Unrestricted"],
    docs: "https://github.com/docker/docker-bench-security",
  },
  check(container, report, { params }) {
    const job = isJob(container) && container.networkMode === "none";
    const allowed = new Set((job ? [...params.allowed, ...params.job] : params.allowed).map(bare));
    for (const capability of report.each(container.capAdd, "capabilities.adds")) {
      if (allowed.has(bare(capability))) continue;
      const list = [...allowed].join(", ") || "none";
      report.violation(
        "capabilities.adds",
        `adds the capability ${capability}; allowed ${job ? "for a Job" : "here"}: ${list}`,
        `remove ${capability}, or allow it: allowed of capabilities-allowed`,
      );
    }
  },
});

const noNewPrivileges = resourceRule({
  name: "no-new-privileges",
  area: "isolation",
  title: "A process cannot gain privileges that it did not start with.",
  why: "It makes every setuid binary of the image harmless.",
  severity: "high",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: {
    cis: ["5.26"],
    kics: ["No New Privileges Not Set", "Security Opt Not Set"],
    semgrep: ["no-new-privileges"],
  },
  check(container, report) {
    const set = some(container.securityOpts, (option) => /^no-new-privileges([:=]true)?$/.test(option.trim()));
    if (!report.known(set, "securityOpts") || set) return;
    report.violation("securityOpts", "may gain privileges through setuid binaries", {
      pulumi: 'write securityOpts: ["no-new-privileges"]',
      compose: 'write security_opt: ["no-new-privileges:true"]',
    });
  },
});

const kernelConfined = resourceRule({
  name: "kernel-confined",
  area: "isolation",
  title: "The kernel's confinement stays on: seccomp, AppArmor, SELinux, the masked parts of /proc.",
  why: "They are what stands between a flaw in the kernel and the container that found it.",
  severity: "high",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: {
    cis: ["5.2", "5.3", "5.22"],
    kics: ["Default Seccomp Profile Disabled"],
    semgrep: ["seccomp-confinement-disabled", "selinux-separation-disabled"],
  },
  check(container, report) {
    for (const option of report.each(container.securityOpts, "securityOpts")) {
      if (!/^((seccomp|apparmor|systempaths)[:=]unconfined|label[:=]disable)$/.test(option.trim())) continue;
      report.violation("securityOpts", `switches confinement off (${option})`, `remove ${option} from securityOpts`);
    }
  },
});

/** One rule for each namespace of the host that a container could join. */
function namespaceRule(
  name: string,
  title: string,
  why: string,
  property: "networkMode" | "pidMode" | "ipcMode" | "usernsMode" | "cgroupnsMode",
  references: { cis: string[]; kics: string[] },
  forbidden: string[] = ["host"],
) {
  return resourceRule({
    name,
    area: "isolation",
    title,
    why,
    severity: property === "networkMode" ? "critical" : property === "cgroupnsMode" ? "medium" : "high",
    level: "mandatory",
    subjects: ["container"],
    params: z.strictObject({}),
    references,
    check(container, report) {
      const value = container[property];
      if (!report.known(value, property) || !forbidden.includes(value)) return;
      report.violation(property, `has ${property} "${value}"`, `remove ${property}`);
    },
  });
}

const namespaceRules = [
  namespaceRule(
    "no-host-network",
    "No container shares the host's network.",
    "It would reach and open every port of the host, past every other rule about ports.",
    "networkMode",
    { cis: ["5.10"], kics: ["Shared Host Network Namespace"] },
  ),
  namespaceRule(
    "no-host-pid",
    "No container sees the host's processes.",
    "It could read their environment and memory, and end them.",
    "pidMode",
    { cis: ["5.16"], kics: ["Host Namespace is Shared"] },
  ),
  namespaceRule(
    "no-host-ipc",
    "No container shares its memory segments with the host or with whoever asks.",
    "Shared memory of one service would be readable by another.",
    "ipcMode",
    { cis: ["5.17"], kics: ["Shared Host IPC Namespace"] },
    ["host", "shareable"],
  ),
  namespaceRule(
    "no-host-userns",
    "No container leaves the user namespace that the engine puts it in.",
    "It would undo user remapping, so that root inside is root outside.",
    "usernsMode",
    { cis: ["5.31"], kics: ["Shared Host User Namespace"] },
  ),
  namespaceRule(
    "no-host-cgroupns",
    "No container shares the host's cgroup namespace.",
    "It would see, and as root change, the limits of everything else.",
    "cgroupnsMode",
    { cis: ["5.25"], kics: ["Cgroup Not Default"] },
  ),
];

const cgroupDefault = resourceRule({
  name: "cgroup-default",
  area: "isolation",
  title: "A container stays in the cgroup that the engine gives it.",
  why: "Another parent may have other limits, or none, than those written here.",
  severity: "medium",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: { cis: ["5.25"], kics: ["Cgroup Not Default"] },
  check(container, report) {
    if (!report.known(container.cgroupParent, "cgroupParent") || container.cgroupParent === "") return;
    report.violation("cgroupParent", `is in the cgroup ${container.cgroupParent}`, "remove cgroupParent");
  },
});

const noDevices = resourceRule({
  name: "no-devices",
  area: "isolation",
  title: "No container is handed a device of the host, except by those that the configuration allows.",
  why: "A device is a way around every file permission, and often into the kernel.",
  severity: "high",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({
    containers: z
      .array(z.string())
      .default([])
      .describe("Containers that may have devices, such as one that needs a GPU"),
  }),
  references: { cis: ["5.18"] },
  check(container, report, { params }) {
    if (params.containers.includes(container.label)) return;
    for (const device of report.each(container.devices, "devices")) {
      report.violation(
        device.path,
        `gets ${device.what}`,
        `remove ${device.path}, or allow it: containers of no-devices`,
      );
    }
  },
});

export const isolationRules = [
  notPrivileged,
  nonRootUser,
  readOnlyRoot,
  capabilitiesDropped,
  capabilitiesAllowed,
  noNewPrivileges,
  kernelConfined,
  ...namespaceRules,
  cgroupDefault,
  noDevices,
];

/** `CAP_CHOWN`, `cap_chown` and `CHOWN` are the same. */
function bare(capability: string): string {
  return capability.trim().toUpperCase().replace(/^CAP_/, "");
}
