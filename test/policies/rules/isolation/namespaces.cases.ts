import { UNKNOWN } from "../../../../policies/facts/unknown.ts";
import { changed, changedFacts, goodStack, type RuleCases, unknown } from "../case.ts";

const redis = (props: Record<string, unknown>) => changed("redis", props);
function namespaceCases(rule: string, property: string, values = ["host"]): RuleCases {
  const on = "app_redis";
  return {
    rule,
    breaks: Object.fromEntries(
      values.map((value) => [
        value,
        { stack: redis({ [property]: value }), on, says: [`${property} "${value}"`, `Remove ${property}`] },
      ]),
    ),
    passes: { private: { stack: redis({ [property]: "private" }) } },
    absent: { stack: redis({ [property]: undefined }), verdict: "pass" },
    unknown: { stack: redis({ [property]: unknown }), path: property },
  };
}

const hostNetwork = namespaceCases("no-host-network", "networkMode");

export const namespaceRuleCases: RuleCases[] = [
  {
    ...hostNetwork,
    breaks: {
      ...hostNetwork.breaks,
      "by a network's name": {
        stack: redis({ networksAdvanced: [{ name: "host" }] }),
        on: "app_redis",
        says: ["joins the network host", "Remove networksAdvanced[0]"],
      },
    },
    passes: { none: { stack: redis({ networkMode: "none", networksAdvanced: [], ports: [] }) } },
  },
  namespaceCases("no-host-pid", "pidMode"),
  namespaceCases("no-host-ipc", "ipcMode", ["host", "shareable"]),
  namespaceCases("no-host-userns", "usernsMode"),
  namespaceCases("no-host-cgroupns", "cgroupnsMode"),
  {
    rule: "no-host-uts",
    breaks: {
      host: {
        stack: changedFacts("redis", { utsMode: "host" }),
        on: "app_redis",
        says: ['utsMode "host"', "Remove utsMode"],
      },
    },
    absent: { stack: goodStack(), verdict: "pass" },
    unknown: { stack: changedFacts("redis", { utsMode: UNKNOWN }), path: "utsMode" },
  },
  {
    rule: "cgroup-default",
    breaks: {
      another: {
        stack: redis({ cgroupParent: "/system.slice" }),
        on: "app_redis",
        says: ["another cgroup", "Remove cgroupParent"],
      },
    },
    absent: { stack: goodStack(), verdict: "pass" },
    unknown: { stack: redis({ cgroupParent: unknown }), path: "cgroupParent" },
  },
  {
    rule: "no-devices",
    breaks: {
      "a device": {
        stack: redis({ devices: [{ hostPath: "/dev/kvm" }] }),
        on: "app_redis",
        says: ["device /dev/kvm", "Remove devices[0]"],
      },
      "a device request": {
        stack: redis({ deviceRequests: [{ count: -1 }] }),
        on: "app_redis",
        says: ["device request"],
      },
      GPUs: { stack: redis({ gpus: "all" }), on: "app_redis", says: ["GPUs all"] },
      "a cgroup rule": { stack: redis({ deviceCgroupRules: ["c 1:3 mr"] }), on: "app_redis", says: ["c 1:3 mr"] },
    },
    absent: { stack: goodStack(), verdict: "pass" },
    unknown: { stack: redis({ gpus: unknown }), path: "devices[0]" },
    configured: {
      "one that may": {
        stack: redis({ gpus: "all" }),
        config: { "no-devices": { containers: ["app_redis"] } },
        verdict: "pass",
      },
    },
  },
];
