// KICS' queries for compose files. Source: KICS docs/queries/dockercompose-queries.md, assets/queries/dockerCompose.
import { type Tool, task } from "./tool.ts";

export const kics: Tool = {
  name: "KICS",
  key: "kics",
  what: "KICS' 22 queries for compose files",
  one: "query",
  rules: [
    { id: "Volume Mounted In Multiple Containers", cis: ["5.20"] },
    {
      id: "Volume Has Sensitive Host Directory",
      cis: ["5.6"],
      missed:
        "all below /home, /srv, /media and /var: what a service keeps there is its own data, unless it holds keys or is the system's",
    },
    { id: "Docker Socket Mounted In Container", cis: ["5.32"] },
    { id: "No New Privileges Not Set", cis: ["5.26"] },
    { id: "Privileged Containers Enabled", cis: ["5.5"] },
    { id: "Healthcheck Not Set", cis: ["5.27"], missed: task },
    { id: "Cgroup Not Default", cis: ["5.25"] },
    { id: "Restart Policy On Failure Not Set To 5", cis: ["5.15"], missed: task },
    {
      id: "Privileged Ports Mapped In Container",
      cis: ["5.8"],
      missed: "host ports 80 and 443, which are allowed by default, and ports below 1024 that are only the container's",
    },
    { id: "Container Traffic Not Bound To Host Interface", cis: ["5.14"] },
    {
      id: "Networks Not Set",
      notOurs: "a service that names no network joins the file's own default network, which is judged like any other",
    },
    { id: "Shared Host Network Namespace", cis: ["5.10"] },
    { id: "Shared Host IPC Namespace", cis: ["5.17"] },
    { id: "Default Seccomp Profile Disabled", cis: ["5.22"] },
    { id: "Host Namespace is Shared", cis: ["5.16"] },
    { id: "Memory Not Limited", cis: ["5.11"] },
    { id: "Pids Limit Not Set", cis: ["5.29"], missed: task },
    { id: "Shared Host User Namespace", cis: ["5.31"] },
    { id: "Security Opt Not Set" },
    {
      id: "Cpus Not Limited",
      cis: ["5.12"],
      missed:
        "a service with a weight or a choice of processors (`cpu_shares`, `cpuset`), which is enough for one machine",
    },
    {
      id: "Container Capabilities Unrestricted",
      cis: ["5.4"],
      missed: "`cap_add: [NET_BIND_SERVICE]`, which is allowed by default",
    },
    {
      id: "Shared Volumes Between Containers",
      missed: "a named volume of one service, and one that only one service may write: nobody is in another's way",
    },
  ],
};
