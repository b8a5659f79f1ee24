// compose-lint's rules, all of them for compose files. Source: compose-lint 0.36, compose_lint/rules.
import { type Tool, taskWithoutNetwork } from "./tool.ts";

export const composeLint: Tool = {
  name: "compose-lint",
  key: "composeLint",
  what: "compose-lint's 27 rules",
  one: "rule",
  rules: [
    { id: "CL-0001", title: "Host control socket exposed", cis: ["5.32"] },
    { id: "CL-0002", title: "Privileged mode enabled", cis: ["5.5"] },
    { id: "CL-0003", title: "Privilege escalation not blocked", cis: ["5.26"] },
    { id: "CL-0004", title: "Image not pinned to version" },
    { id: "CL-0005", title: "Ports bound to all interfaces", cis: ["5.14"] },
    { id: "CL-0006", title: "No capability restrictions", cis: ["5.4"] },
    { id: "CL-0007", title: "Filesystem not read-only", cis: ["5.13"], missed: taskWithoutNetwork },
    { id: "CL-0008", title: "Host network mode", cis: ["5.10"] },
    { id: "CL-0009", title: "Security profile disabled", cis: ["5.2", "5.3", "5.22"] },
    { id: "CL-0010", title: "Host namespace sharing", cis: ["5.16", "5.17"] },
    { id: "CL-0011", title: "Strong host-adjacent capability added", cis: ["5.4"] },
    { id: "CL-0013", title: "Sensitive host path exposed", cis: ["5.6"] },
    { id: "CL-0014", title: "Logging driver disabled" },
    { id: "CL-0016", title: "Dangerous host device exposed", cis: ["5.18"] },
    { id: "CL-0017", title: "Shared mount propagation", cis: ["5.20"] },
    { id: "CL-0018", title: "Explicit root user", cis: ["4.1"] },
    { id: "CL-0019", title: "Image tag without digest" },
    {
      id: "CL-0020",
      title: "Credential-shaped env key with literal value",
      missed:
        "variables called *_SALT and *_DSN whose value does not look like a credential, those whose last word says that they hold none (SECRET_NAME, TOKEN_URL), and values that are a path",
    },
    { id: "CL-0021", title: "Credential embedded in connection-string env value" },
    { id: "CL-0022", title: "tmpfs mount re-enables exec/suid" },
    { id: "CL-0024", title: "Host-code-execution capability added", cis: ["5.4"] },
    { id: "CL-0025", title: "Root-equivalent host path mounted writable", cis: ["5.6"] },
    {
      id: "CL-0026",
      title: "No resource limits",
      cis: ["5.11", "5.12"],
      missed: "a processor that is shared by weight or by a choice of processors (`cpu_shares`, `cpuset`)",
    },
    { id: "CL-0027", title: "Bounded-grant capability added", cis: ["5.4"] },
    { id: "CL-0028", title: "Host-reaching capability added", cis: ["5.4"] },
    { id: "CL-0029", title: "Host-availability capability added", cis: ["5.4"] },
    { id: "CL-0030", title: "Host-disclosure capability added", cis: ["5.4"] },
  ],
};
