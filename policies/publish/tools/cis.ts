// What the CIS Docker Benchmark 1.6.0 asks of images and containers (sections 4 and 5, and 2.7 of the engine), with the checks
// that docker-bench-security adds. Sources: docker-bench-security tests/2_docker_daemon_configuration.sh,
// 4_container_images.sh, 5_container_runtime.sh, 99_community_checks.sh; checkov checkov/dockerfile/checks (it has no framework
// for compose files).
import { type Tool, type ToolRule, task, taskWithoutNetwork } from "./tool.ts";

export interface CisItem extends ToolRule {
  title: string;
  /** docker-bench-security checks it by itself, or prints it for a person to judge. */
  bench: "yes" | "by hand";
  /** The check of checkov that is about it. */
  checkov?: string;
}

const inside = "the inside of an image, which is not looked at";
const done = "something that somebody does, not something that is declared";

/** The items of both sections. */
export const cisItems: CisItem[] = [
  {
    id: "2.7",
    title: "TLS authentication for the engine is configured",
    bench: "yes",
    missed: "how the engine itself listens: only whether the program or a container speaks to one without TLS",
  },
  { id: "4.1", title: "A user for the container has been created", bench: "yes", checkov: "CKV_DOCKER_3" },
  {
    id: "4.2",
    title: "Only trusted base images are used",
    bench: "by hand",
    missed: "the base of an image that is built, which stands in its Dockerfile",
  },
  { id: "4.3", title: "No unnecessary packages are installed", bench: "by hand", notOurs: inside },
  { id: "4.4", title: "Images are scanned and rebuilt", bench: "by hand", notOurs: inside },
  {
    id: "4.5",
    title: "Content trust is enabled",
    bench: "yes",
    notOurs: "a variable of whoever pulls; `image-pinned` asks for a digest instead, which needs no trust in a tag",
  },
  {
    id: "4.6",
    title: "A health check is in the image",
    bench: "yes",
    checkov: "CKV_DOCKER_2",
    missed: "an image without one, where the container has its own",
  },
  {
    id: "4.7",
    title: "Update instructions are not used alone",
    bench: "by hand",
    checkov: "CKV_DOCKER_5",
    notOurs: inside,
  },
  {
    id: "4.8",
    title: "setuid and setgid permissions are removed",
    bench: "by hand",
    notOurs: `${inside}; \`no-new-privileges\` makes them harmless`,
  },
  { id: "4.9", title: "COPY is used instead of ADD", bench: "by hand", checkov: "CKV_DOCKER_4", notOurs: inside },
  {
    id: "4.10",
    title: "Secrets are not stored in Dockerfiles",
    bench: "by hand",
    checkov: "SecretsInEnvArg",
    missed: "what stands in a Dockerfile or among its build arguments: only what the container is given",
  },
  { id: "4.11", title: "Only verified packages are installed", bench: "by hand", notOurs: inside },
  {
    id: "5.1",
    title: "Swarm mode is not enabled if not needed",
    bench: "yes",
    notOurs: "a setting of the engine; `everything-covered` refuses Swarm services",
  },
  { id: "5.2", title: "AppArmor profile is enabled", bench: "yes", missed: "a host that has no AppArmor" },
  { id: "5.3", title: "SELinux security options are set", bench: "yes", missed: "a host that has no SELinux" },
  { id: "5.4", title: "Kernel capabilities are restricted", bench: "yes" },
  { id: "5.5", title: "Privileged containers are not used", bench: "yes" },
  { id: "5.6", title: "Sensitive host directories are not mounted", bench: "yes" },
  {
    id: "5.7",
    title: "sshd is not run within containers",
    bench: "yes",
    checkov: "CKV_DOCKER_1",
    missed: "an sshd that nothing publishes: what an image starts cannot be told from outside",
  },
  {
    id: "5.8",
    title: "Privileged ports are not mapped",
    bench: "yes",
    missed: "host ports 80 and 443, which are allowed by default",
  },
  { id: "5.9", title: "Only needed ports are open", bench: "by hand" },
  { id: "5.10", title: "The host's network namespace is not shared", bench: "yes" },
  { id: "5.11", title: "Memory usage is limited", bench: "yes" },
  { id: "5.12", title: "CPU priority is set", bench: "yes" },
  { id: "5.13", title: "The root file system is mounted read-only", bench: "yes", missed: taskWithoutNetwork },
  { id: "5.14", title: "Incoming traffic is bound to a specific host interface", bench: "yes" },
  {
    id: "5.15",
    title: "The restart policy is on-failure with 5 attempts",
    bench: "yes",
    missed: "`always` and `unless-stopped`, which are what a machine without an operator needs",
  },
  { id: "5.16", title: "The host's process namespace is not shared", bench: "yes" },
  { id: "5.17", title: "The host's IPC namespace is not shared", bench: "yes" },
  { id: "5.18", title: "Host devices are not directly exposed", bench: "by hand" },
  { id: "5.19", title: "The default ulimit is overwritten if needed", bench: "by hand" },
  { id: "5.20", title: "Mount propagation is not shared", bench: "yes" },
  {
    id: "5.21",
    title: "The host's UTS namespace is not shared",
    bench: "yes",
  },
  { id: "5.22", title: "The default seccomp profile is not disabled", bench: "yes" },
  { id: "5.23", title: "`docker exec` is not used with --privileged", bench: "yes", notOurs: done },
  { id: "5.24", title: "`docker exec` is not used with --user=root", bench: "by hand", notOurs: done },
  { id: "5.25", title: "cgroup usage is confirmed", bench: "yes" },
  { id: "5.26", title: "No additional privileges can be acquired", bench: "yes" },
  { id: "5.27", title: "Container health is checked at runtime", bench: "yes", checkov: "CKV_DOCKER_2", missed: task },
  {
    id: "5.28",
    title: "Commands use the latest version of their image",
    bench: "by hand",
    notOurs: "how old an image is cannot be told from its name",
  },
  { id: "5.29", title: "The PIDs cgroup limit is used", bench: "yes", missed: task },
  { id: "5.30", title: "The default bridge docker0 is not used", bench: "by hand" },
  { id: "5.31", title: "The host's user namespaces are not shared", bench: "yes" },
  { id: "5.32", title: "The Docker socket is not mounted inside containers", bench: "yes" },
  ...["DAC_READ_SEARCH", "SYS_MODULE", "SYS_ADMIN", "SYS_PTRACE"].map(
    (capability, i): CisItem => ({
      id: `C.5.3.${i + 1}`,
      title: `CAP_${capability} is not added (docker-bench's own)`,
      bench: "yes",
    }),
  ),
];

export const cis: Tool = {
  name: "CIS Docker Benchmark and docker-bench-security",
  key: "cis",
  what: `the ${cisItems.length} items on images and containers (sections 4 and 5, with 2.7 and docker-bench-security's own four)`,
  one: "item of CIS Docker 1.6.0",
  rules: cisItems,
};
