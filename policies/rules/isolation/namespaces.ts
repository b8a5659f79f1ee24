// What of the host a container may share: namespaces, cgroups, devices.
import { z } from "zod";
import { type Rule, resourceRule } from "../../rule.ts";
import { say, shown, written } from "../../say.ts";

type NamespaceMode = "networkMode" | "pidMode" | "ipcMode" | "usernsMode" | "cgroupnsMode" | "utsMode";

interface NamespaceRule extends Pick<Rule, "name" | "title" | "why" | "severity" | "references"> {
  property: NamespaceMode;
  /** Values that share it with somebody else. @default only "host" */
  forbidden?: string[];
}

/** A rule about one of the namespaces of the host that a container could join. */
function notShared({ property, forbidden = ["host"], ...rule }: NamespaceRule) {
  return resourceRule({
    ...rule,
    check(container, report) {
      const value = container[property];
      if (!report.known(value, property) || !forbidden.includes(value)) return;
      report.violation(
        property,
        say`has ${written(property)} "${shown(value, forbidden)}"`,
        say`remove ${written(property)}`,
      );
    },
  });
}

const noHostNetwork = resourceRule({
  name: "no-host-network",
  title: "No container shares the host's network.",
  why: "It would reach and open every port of the host, past every other rule about ports. A network that is called `host` is the host's, too.",
  severity: "critical",
  references: { cis: ["5.10"], kics: ["Shared Host Network Namespace"], composeLint: ["CL-0008"] },
  check(container, report) {
    const { networkMode } = container;
    if (report.known(networkMode, "networkMode") && networkMode === "host")
      report.violation("networkMode", say`has networkMode "host"`, {
        pulumi: say`remove networkMode`,
        compose: say`remove network_mode, or the network that is called host`,
      });
    for (const { path, network } of report.each(container.networks, "networksAdvanced")) {
      if (!report.known(network, `${path}.name`) || network !== "host") continue;
      report.violation(
        path,
        say`joins the network host, which is the host's own`,
        say`remove ${shown(path, "property")}`,
      );
    }
  },
});

const noHostPid = notShared({
  name: "no-host-pid",
  title: "No container sees the host's processes.",
  why: "It could read their environment and memory, and end them.",
  severity: "high",
  property: "pidMode",
  references: { cis: ["5.16"], kics: ["Host Namespace is Shared"], composeLint: ["CL-0010"] },
});

const noHostIpc = notShared({
  name: "no-host-ipc",
  title: "No container shares its memory segments with the host or with whoever asks.",
  why: "Shared memory of one service would be readable by another.",
  severity: "high",
  property: "ipcMode",
  forbidden: ["host", "shareable"],
  references: { cis: ["5.17"], kics: ["Shared Host IPC Namespace"], composeLint: ["CL-0010"] },
});

const noHostUserns = notShared({
  name: "no-host-userns",
  title: "No container leaves the user namespace that the engine puts it in.",
  why: "It would undo user remapping, so that root inside is root outside.",
  severity: "high",
  property: "usernsMode",
  references: { cis: ["5.31"], kics: ["Shared Host User Namespace"] },
});

const noHostCgroupns = notShared({
  name: "no-host-cgroupns",
  title: "No container shares the host's cgroup namespace.",
  why: "It would see, and as root change, the limits of everything else.",
  severity: "medium",
  property: "cgroupnsMode",
  references: { cis: ["5.25"] },
});

const noHostUts = notShared({
  name: "no-host-uts",
  title: "No container shares the host's name.",
  why: "It could rename the host, and whatever logs or certificates go by that name.",
  severity: "medium",
  property: "utsMode",
  references: { cis: ["5.21"] },
});

const cgroupDefault = resourceRule({
  name: "cgroup-default",
  title: "A container stays in the cgroup that the engine gives it.",
  why: "Another parent may have other limits, or none, than those written here.",
  severity: "medium",
  references: { cis: ["5.25"], kics: ["Cgroup Not Default"] },
  check(container, report) {
    if (!report.known(container.cgroupParent, "cgroupParent") || container.cgroupParent === "") return;
    report.violation("cgroupParent", say`is in another cgroup than the engine's own`, say`remove cgroupParent`);
  },
});

const noDevices = resourceRule({
  name: "no-devices",
  title: "No container is handed a device of the host, except by those that the configuration allows.",
  why: "A device is a way around every file permission, and often into the kernel.",
  severity: "high",
  params: z.strictObject({
    containers: z
      .array(z.string())
      .default([])
      .describe("Containers that may have devices, such as one that needs a GPU"),
  }),
  references: { cis: ["5.18"], composeLint: ["CL-0016"] },
  check(container, report, { params }) {
    if (params.containers.includes(container.label)) return;
    for (const device of report.each(container.devices, "devices")) {
      report.violation(
        device.path,
        say`gets ${shown(device.what, "device")}`,
        say`remove ${shown(device.path, "property")}, or allow it: containers of no-devices`,
      );
    }
  },
});

export const namespaceRules = [
  noHostNetwork,
  noHostPid,
  noHostIpc,
  noHostUserns,
  noHostCgroupns,
  noHostUts,
  cgroupDefault,
  noDevices,
];
