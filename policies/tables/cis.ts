// Section 5 of the CIS Docker Benchmark 1.6.0, and which tools check it, for the comparison in docs/policies.md. Sources:
// docker-bench-security tests/5_container_runtime.sh; semgrep-rules yaml/docker-compose/security; dclint docs/rules.md;
// checkov checkov/dockerfile/checks (it has no framework for compose files).

export interface CisItem {
  number: string;
  title: string;
  /** docker-bench-security checks it by itself, or prints it for a person to judge. */
  bench: "yes" | "manual";
  semgrep?: string;
  dclint?: string;
  checkov?: string;
  /** Why no rule of this pack is about it. */
  notOurs?: string;
}

/** Section 5 of the CIS Docker Benchmark 1.6.0. */
export const cisItems: CisItem[] = [
  {
    number: "5.1",
    title: "Swarm mode is not enabled if not needed",
    bench: "yes",
    notOurs: "a setting of the engine; `everything-covered` refuses Swarm services",
  },
  { number: "5.2", title: "AppArmor profile is enabled", bench: "yes" },
  { number: "5.3", title: "SELinux security options are set", bench: "yes", semgrep: "selinux-separation-disabled" },
  { number: "5.4", title: "Kernel capabilities are restricted", bench: "yes" },
  { number: "5.5", title: "Privileged containers are not used", bench: "yes", semgrep: "privileged-service" },
  { number: "5.6", title: "Sensitive host directories are not mounted", bench: "yes" },
  { number: "5.7", title: "sshd is not run within containers", bench: "yes", checkov: "CKV_DOCKER_1" },
  { number: "5.8", title: "Privileged ports are not mapped", bench: "yes" },
  { number: "5.9", title: "Only needed ports are open", bench: "manual" },
  { number: "5.10", title: "The host's network namespace is not shared", bench: "yes" },
  { number: "5.11", title: "Memory usage is limited", bench: "yes" },
  { number: "5.12", title: "CPU priority is set", bench: "yes" },
  {
    number: "5.13",
    title: "The root file system is mounted read-only",
    bench: "yes",
    semgrep: "writable-filesystem-service",
  },
  {
    number: "5.14",
    title: "Incoming traffic is bound to a specific host interface",
    bench: "yes",
    dclint: "no-unbound-port-interfaces",
  },
  { number: "5.15", title: "The restart policy is on-failure with 5 attempts", bench: "yes" },
  { number: "5.16", title: "The host's process namespace is not shared", bench: "yes" },
  { number: "5.17", title: "The host's IPC namespace is not shared", bench: "yes" },
  { number: "5.18", title: "Host devices are not directly exposed", bench: "manual" },
  { number: "5.19", title: "The default ulimit is overwritten if needed", bench: "manual" },
  { number: "5.20", title: "Mount propagation is not shared", bench: "yes" },
  { number: "5.21", title: "The host's UTS namespace is not shared", bench: "yes" },
  {
    number: "5.22",
    title: "The default seccomp profile is not disabled",
    bench: "yes",
    semgrep: "seccomp-confinement-disabled",
  },
  {
    number: "5.23",
    title: "`docker exec` is not used with --privileged",
    bench: "yes",
    notOurs: "something that somebody does, not something that is declared",
  },
  {
    number: "5.24",
    title: "`docker exec` is not used with --user=root",
    bench: "manual",
    notOurs: "something that somebody does, not something that is declared",
  },
  { number: "5.25", title: "cgroup usage is confirmed", bench: "yes" },
  { number: "5.26", title: "No additional privileges can be acquired", bench: "yes", semgrep: "no-new-privileges" },
  { number: "5.27", title: "Container health is checked at runtime", bench: "yes", checkov: "CKV_DOCKER_2" },
  {
    number: "5.28",
    title: "Commands use the latest version of their image",
    bench: "manual",
    notOurs: "how old an image is cannot be told from its name",
  },
  { number: "5.29", title: "The PIDs cgroup limit is used", bench: "yes" },
  { number: "5.30", title: "The default bridge docker0 is not used", bench: "manual" },
  { number: "5.31", title: "The host's user namespaces are not shared", bench: "yes" },
  {
    number: "5.32",
    title: "The Docker socket is not mounted inside containers",
    bench: "yes",
    semgrep: "exposing-docker-socket-volume",
  },
];
