// semgrep's rules for compose files. Source: semgrep-rules yaml/docker-compose/security.
import { type Tool, taskWithoutNetwork } from "./tool.ts";

export const semgrep: Tool = {
  name: "semgrep",
  key: "semgrep",
  what: "semgrep's 6 rules for compose files",
  one: "rule",
  rules: [
    { id: "exposing-docker-socket-volume", cis: ["5.32"] },
    { id: "no-new-privileges", cis: ["5.26"] },
    { id: "privileged-service", cis: ["5.5"] },
    { id: "seccomp-confinement-disabled", cis: ["5.22"] },
    { id: "selinux-separation-disabled", cis: ["5.3"] },
    { id: "writable-filesystem-service", cis: ["5.13"], missed: taskWithoutNetwork },
  ],
};
