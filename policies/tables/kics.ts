// KICS' queries for compose files, for the comparison in docs/policies.md. Source: KICS
// docs/queries/dockercompose-queries.md.

/** KICS' 22 queries for compose files; the ones that no rule of this pack is about say why. */
export const kicsQueries: { name: string; notOurs?: string }[] = [
  { name: "Volume Mounted In Multiple Containers" },
  { name: "Volume Has Sensitive Host Directory" },
  { name: "Docker Socket Mounted In Container" },
  { name: "No New Privileges Not Set" },
  { name: "Privileged Containers Enabled" },
  { name: "Healthcheck Not Set" },
  { name: "Cgroup Not Default" },
  { name: "Restart Policy On Failure Not Set To 5" },
  { name: "Privileged Ports Mapped In Container" },
  { name: "Container Traffic Not Bound To Host Interface" },
  {
    name: "Networks Not Set",
    notOurs: "a service that names no network joins the file's own default network, which is judged like any other",
  },
  { name: "Shared Host Network Namespace" },
  { name: "Shared Host IPC Namespace" },
  { name: "Default Seccomp Profile Disabled" },
  { name: "Host Namespace is Shared" },
  { name: "Memory Not Limited" },
  { name: "Pids Limit Not Set" },
  { name: "Shared Host User Namespace" },
  { name: "Security Opt Not Set" },
  { name: "Cpus Not Limited" },
  { name: "Container Capabilities Unrestricted" },
  { name: "Shared Volumes Between Containers" },
];

/** KICS' query for each item of CIS section 5 that it has one for. */
export const kicsForCis: Record<string, string> = {
  "5.4": "Container Capabilities Unrestricted",
  "5.5": "Privileged Containers Enabled",
  "5.6": "Volume Has Sensitive Host Directory",
  "5.8": "Privileged Ports Mapped In Container",
  "5.10": "Shared Host Network Namespace",
  "5.11": "Memory Not Limited",
  "5.12": "Cpus Not Limited",
  "5.14": "Container Traffic Not Bound To Host Interface",
  "5.15": "Restart Policy On Failure Not Set To 5",
  "5.16": "Host Namespace is Shared",
  "5.17": "Shared Host IPC Namespace",
  "5.20": "Volume Mounted In Multiple Containers",
  "5.22": "Default Seccomp Profile Disabled",
  "5.25": "Cgroup Not Default",
  "5.26": "No New Privileges Not Set",
  "5.27": "Healthcheck Not Set",
  "5.29": "Pids Limit Not Set",
  "5.31": "Shared Host User Namespace",
  "5.32": "Docker Socket Mounted In Container",
};
