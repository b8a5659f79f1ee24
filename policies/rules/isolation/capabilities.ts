// What a process may ask of the kernel: capabilities, new privileges, and the confinement around it.
import { z } from "zod";
import type { EngineTraits } from "../../../lib/engine/traits.ts";
import { isTaskWithoutNetwork } from "../../facts/identity.ts";
import type { ContainerFacts } from "../../facts/model.ts";
import { isKnown, knownOf, some } from "../../facts/unknown.ts";
import { resourceRule } from "../../rule.ts";
import { say, shown, written } from "../../say.ts";
import { podmanDefaults } from "../../tables/capabilities.ts";

/** What a task that prepares data may have: enough to hand a directory over to its owner, no more. */
const taskCapabilities = ["CHOWN", "DAC_OVERRIDE", "FOWNER"];

/** The one that a service may need, to listen below port 1024. */
const forServices = "NET_BIND_SERVICE";

/**
 * What a container keeps of Podman's defaults: there it drops them one by one, since Podman reads ALL back like that, and keeps
 * what it needs instead of adding it. Undefined on another engine, and for a container that drops none or ALL of them.
 */
function kept({ capDrop }: ContainerFacts, { kind }: EngineTraits): string[] | undefined {
  const dropped = knownOf(capDrop).map(bare);
  if (kind !== "podman" || dropped.length === 0 || dropped.includes("ALL")) return undefined;
  return podmanDefaults.filter((name) => !dropped.includes(name));
}

const capabilitiesDropped = resourceRule({
  name: "capabilities-dropped",
  title: "A container drops all capabilities, and adds back the few that it needs.",
  why: "The engine gives fourteen by default; nearly no service needs one.",
  severity: "medium",
  references: { cis: ["5.4"], kics: ["Container Capabilities Unrestricted"], composeLint: ["CL-0006"] },
  check(container, report, { settings }) {
    const all = some(container.capDrop, (capability) => bare(capability) === "ALL");
    const rest = kept(container, settings.engine);
    const dropped = all === true || rest?.every((name) => name === forServices) || all;
    if (!report.known(dropped, "capabilities.drops") || dropped) return;
    report.violation("capabilities.drops", say`keeps the engine's default capabilities`, {
      pulumi: say`write capabilities: { drops: ["ALL"] }`,
      compose: say`write cap_drop: [ALL]`,
    });
  },
});

const capabilitiesAllowed = resourceRule({
  name: "capabilities-allowed",
  title: "No capability is added except those that the configuration allows.",
  why: "SYS_ADMIN, SYS_MODULE, SYS_PTRACE or DAC_READ_SEARCH are as good as root on the host.",
  severity: "high",
  params: z.strictObject({
    allowed: z.array(z.string()).default([forServices]).describe("Capabilities that a service may add"),
    task: z
      .array(z.string())
      .default(taskCapabilities)
      .describe("Capabilities that a preparing task without a network may add"),
  }),
  references: {
    cis: ["5.4", "C.5.3.1", "C.5.3.2", "C.5.3.3", "C.5.3.4"],
    kics: ["Container Capabilities Unrestricted"],
    composeLint: ["CL-0011", "CL-0024", "CL-0027", "CL-0028", "CL-0029", "CL-0030"],
  },
  check(container, report, { params, settings }) {
    const task = isTaskWithoutNetwork(container);
    const allowed = new Set((task ? [...params.allowed, ...params.task] : params.allowed).map(bare));
    const all = [...report.each(container.capAdd, "capabilities.adds"), ...(kept(container, settings.engine) ?? [])];
    for (const capability of all) {
      if (allowed.has(bare(capability))) continue;
      const list = [...allowed].join(", ") || "none";
      report.violation(
        "capabilities.adds",
        say`adds the capability ${shown(capability, "capability")}; allowed ${task ? say`for a task` : say`here`}: ${written(list)}`,
        say`remove ${shown(capability, "capability")}, or allow it: allowed of capabilities-allowed`,
      );
    }
  },
});

const noNewPrivileges = resourceRule({
  name: "no-new-privileges",
  title: "A process cannot gain privileges that it did not start with.",
  why: "It makes every setuid binary of the image harmless.",
  severity: "high",
  references: {
    cis: ["5.26"],
    kics: ["No New Privileges Not Set", "Security Opt Not Set"],
    semgrep: ["no-new-privileges"],
    composeLint: ["CL-0003"],
  },
  check(container, report) {
    if (!report.known(container.securityOpts, "securityOpts")) return;
    // The engine takes the last one: `extends` appends what undoes it.
    const last = container.securityOpts.findLast(
      (option) => !isKnown(option) || /^no-new-privileges/.test(option.trim()),
    );
    if (
      last !== undefined &&
      (!report.known(last, "securityOpts") || /^no-new-privileges([:=]true)?$/.test(last.trim()))
    )
      return;
    report.violation("securityOpts", say`may gain privileges through setuid binaries`, {
      pulumi: say`write securityOpts: ["no-new-privileges"]`,
      compose: say`write security_opt: ["no-new-privileges:true"]`,
    });
  },
});

const kernelConfined = resourceRule({
  name: "kernel-confined",
  title: "The kernel's confinement stays on: seccomp, AppArmor, SELinux, the masked parts of /proc.",
  why: "They are what stands between a flaw in the kernel and the container that found it.",
  severity: "high",
  references: {
    cis: ["5.2", "5.3", "5.22"],
    kics: ["Default Seccomp Profile Disabled"],
    semgrep: ["seccomp-confinement-disabled", "selinux-separation-disabled"],
    composeLint: ["CL-0009"],
  },
  check(container, report) {
    for (const option of report.each(container.securityOpts, "securityOpts")) {
      if (!unconfined.test(option.trim())) continue;
      report.violation(
        "securityOpts",
        say`switches confinement off (${written(option.trim())})`,
        say`remove ${written(option.trim())} from securityOpts`,
      );
    }
  },
});

/**
 * Options that switch a confinement off, by themselves or by an SELinux type that is not confined: what runs as spc_t ("super
 * privileged container") may do whatever the host's administrator may (container-selinux, container.te).
 */
const unconfined =
  /^((seccomp|apparmor|systempaths)[:=]unconfined|label[:=](disable|type[:=](spc_t|unconfined_t|unconfined_service_t|container_runtime_t|docker_t|init_t|initrc_t|kernel_t|sysadm_t)))$/;

export const capabilityRules = [capabilitiesDropped, capabilitiesAllowed, noNewPrivileges, kernelConfined];

/** `CAP_CHOWN`, `cap_chown` and `CHOWN` are the same. */
function bare(capability: string): string {
  return capability.trim().toUpperCase().replace(/^CAP_/, "");
}
