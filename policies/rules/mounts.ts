// What of the host a container can see through its mounts.
import { posix } from "node:path";
import { z } from "zod";
import type { MountFact } from "../facts/facts.ts";
import { isKnown, type Maybe } from "../facts/maybe.ts";
import { isJob, type Report, resourceRule, stackRule } from "../rule.ts";

/** Sockets with which one can start containers, and so be root on the host. */
const engineSocket = /\/(docker|containerd|podman|crio|dockershim|buildkitd)([-.\w]*)\.sock$/;

/** The directory and everything below it. CIS 5.6, plus what holds keys, sockets or the engine's own data. */
const sensitiveTrees = [
  "/boot",
  "/dev",
  "/etc",
  "/lib",
  "/lib64",
  "/proc",
  "/sys",
  "/usr",
  "/bin",
  "/sbin",
  "/root",
  "/run",
  "/var/run",
  "/var/lib/docker",
  "/var/lib/containers",
  "/var/lib/containerd",
];
/** Only the directory itself: below them is where data lives. */
const sensitiveRoots = ["/", "/var", "/var/lib", "/home", "/opt", "/srv", "/mnt"];

/** Folders of keys, wherever they are. */
const keyFolders = [".ssh", ".gnupg", ".aws", ".kube", ".docker", ".pulumi"];

const noDockerSocket = resourceRule({
  name: "no-docker-socket",
  area: "isolation",
  title: "No container gets the socket of a container engine.",
  why: "Whoever can talk to it is root on the host. Mounting it read-only changes nothing: a socket is spoken to, not written.",
  severity: "critical",
  level: "mandatory",
  subjects: ["container", "volume"],
  params: z.strictObject({
    containers: z
      .array(z.string())
      .default([])
      .describe("Containers that may have it; each of them is root on the host"),
  }),
  references: {
    cis: ["5.32"],
    kics: ["Docker Socket Mounted In Container"],
    semgrep: ["exposing-docker-socket-volume"],
  },
  check(subject, report, { params }) {
    if (params.containers.includes(subject.label)) return;
    if (subject.kind === "volume") {
      const device = deviceOf(subject.driverOpts, report);
      if (device && engineSocket.test(device)) {
        report.violation("driverOpts", `is the engine's socket (${device})`, "remove this volume");
      }
      return;
    }
    for (const mount of report.each(subject.mounts, "mounts")) {
      for (const path of [mount.source, mount.target] as Maybe<string>[]) {
        if (!report.known(path, mount.path) || !engineSocket.test(path) || mount.type === "tmpfs") continue;
        report.violation(mount.path, `gets the engine's socket (${path})`, `remove ${mount.path}`);
        break;
      }
    }
  },
});

const noSensitiveHostPath = resourceRule({
  name: "no-sensitive-host-path",
  area: "isolation",
  title: "No container mounts a directory that belongs to the host's system.",
  why: "Through /etc, /proc, /run or the engine's data a container reads every secret of the host, and changes it if it may write.",
  severity: "high",
  level: "mandatory",
  subjects: ["container", "volume"],
  params: z.strictObject({
    allowed: z
      .array(z.string())
      .default(["/etc/localtime", "/etc/timezone"])
      .describe("Host paths that may be mounted read-only although they are sensitive"),
  }),
  references: { cis: ["5.6"], kics: ["Volume Has Sensitive Host Directory"] },
  check(subject, report, { params }) {
    if (subject.kind === "volume") {
      const device = deviceOf(subject.driverOpts, report);
      if (device?.startsWith("/") && isSensitive(device)) {
        report.violation("driverOpts", `is the host's ${device}`, "use a plain named volume");
      }
      return;
    }
    for (const mount of report.each(subject.mounts, "mounts")) {
      if (mount.type !== "bind" || !report.known(mount.source, mount.path)) continue;
      const path = normal(mount.source);
      if (!isSensitive(path) || engineSocket.test(path)) continue;
      if (params.allowed.includes(path) && report.known(mount.readOnly, `${mount.path}.readOnly`) && mount.readOnly)
        continue;
      report.violation(
        mount.path,
        `mounts ${path} of the host`,
        "mount a named volume or a directory of its own instead",
      );
    }
  },
});

const noSharedPropagation = resourceRule({
  name: "no-shared-propagation",
  area: "isolation",
  title: "What a container mounts stays in the container.",
  why: "With shared or slave propagation a mount made inside appears on the host, or the other way round.",
  severity: "high",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: { cis: ["5.20"], kics: ["Volume Mounted In Multiple Containers"] },
  check(container, report) {
    for (const mount of report.each(container.mounts, "mounts")) {
      if (
        !report.known(mount.propagation, `${mount.path}.bindOptions`) ||
        !/^r?(shared|slave)$/.test(mount.propagation)
      )
        continue;
      report.violation(
        mount.path,
        `mounts with ${mount.propagation} propagation`,
        `remove it from ${mount.path} (the default is rprivate)`,
      );
    }
  },
});

const noAnonymousVolume = resourceRule({
  name: "no-anonymous-volume",
  area: "resources",
  title: "A volume that a container mounts has a name.",
  why: "An anonymous volume is deleted with its container: the next new version of the image starts with no data.",
  severity: "high",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: { docs: "https://docs.docker.com/engine/storage/volumes/#named-and-anonymous-volumes" },
  check(container, report) {
    for (const mount of report.each(container.mounts, "mounts")) {
      if (mount.type !== "volume" || !report.known(mount.source, mount.path) || mount.source !== "") continue;
      const target = isKnown(mount.target) ? ` at ${mount.target}` : "";
      report.violation(mount.path, `mounts an anonymous volume${target}`, {
        pulumi: `write volumeName in ${mount.path}, or tmpfs if it need not be kept`,
        compose: `give the volume a name in ${mount.path}, or use tmpfs if it need not be kept`,
      });
    }
  },
});

const volumeWrittenByOne = stackRule({
  name: "volume-written-by-one",
  area: "isolation",
  title: "A volume is written by one service only.",
  why: "Two writers corrupt each other's data sooner or later, and an intruder in one is in both.",
  severity: "low",
  level: "advisory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: { kics: ["Shared Volumes Between Containers"] },
  check(container, report, { stack }) {
    if (isJob(container)) return;
    for (const mount of writable(report.each(container.mounts, "mounts"), report)) {
      for (const other of stack.mounting.get(mount.source as string) ?? []) {
        if (other.owner.id === container.id || isJob(other.owner) || other.mount.readOnly !== false) continue;
        const problem = `writes to ${String(mount.source)}, and so does ${other.owner.label}`;
        report.violation(mount.path, problem, "mount it read-only in all but one");
      }
    }
  },
});

const noPrivateRelabelOfShared = stackRule({
  name: "no-private-relabel",
  area: "isolation",
  title: "What several containers mount, or the system uses, is not relabelled for one of them (:Z).",
  why: "On SELinux hosts :Z takes the directory away from everybody else, and on a system directory it breaks the host.",
  severity: "medium",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: { docs: "https://docs.docker.com/engine/storage/bind-mounts/#configure-the-selinux-label" },
  check(container, report, { stack }) {
    for (const mount of report.each(container.mounts, "mounts")) {
      if (!report.known(mount.relabel, mount.path) || mount.relabel !== "Z" || !report.known(mount.source, mount.path))
        continue;
      const others = (stack.mounting.get(mount.source) ?? []).filter((other) => other.owner.id !== container.id);
      const names = [...new Set(others.map((other) => other.owner.label))].join(", ");
      if (names === "" && !isSensitive(normal(mount.source))) continue;
      const also = names === "" ? "the system uses" : `${names} mounts too`;
      report.violation(mount.path, `relabels ${mount.source} for itself alone (:Z), which ${also}`, {
        pulumi: `write selinuxRelabel: "z" in ${mount.path}`,
        compose: `write :z instead of :Z in ${mount.path}`,
      });
    }
  },
});

export const mountRules = [
  noDockerSocket,
  noSensitiveHostPath,
  noSharedPropagation,
  volumeWrittenByOne,
  noPrivateRelabelOfShared,
];
export const dataRules = [noAnonymousVolume];

/** The mounts of data that the container may write to. */
export function writable(mounts: MountFact[], report: Report): (MountFact & { source: string })[] {
  return mounts.filter((mount): mount is MountFact & { source: string } => {
    if (mount.type !== "volume" && mount.type !== "bind") return false;
    if (!report.known(mount.readOnly, `${mount.path}.readOnly`) || mount.readOnly) return false;
    return report.known(mount.source, mount.path) && mount.source !== "";
  });
}

function deviceOf(options: Maybe<Record<string, Maybe<string>>>, report: Report): string | undefined {
  if (!report.known(options, "driverOpts")) return undefined;
  const device = options.device ?? "";
  return report.known(device, "driverOpts.device") ? normal(device) : undefined;
}

function normal(path: string): string {
  return path.startsWith("/") ? posix.normalize(path).replace(/(?<=.)\/+$/, "") : path;
}

function isSensitive(path: string): boolean {
  const inTree = sensitiveTrees.some((tree) => path === tree || path.startsWith(`${tree}/`));
  return inTree || sensitiveRoots.includes(path) || path.split("/").some((part) => keyFolders.includes(part));
}
