// What of the host a container can see through its mounts.
import { z } from "zod";
import type { Maybe } from "../../facts/unknown.ts";
import { type Reporter, resourceRule } from "../../rule.ts";
import { say, shown } from "../../say.ts";
import { isEngineSocket, isSensitive, normalized } from "../../tables/host-paths.ts";

const noDockerSocket = resourceRule({
  name: "no-docker-socket",
  title: "No container gets the socket of a container engine.",
  why: "Whoever can talk to it is root on the host. Mounting it read-only changes nothing: a socket is spoken to, not written.",
  severity: "critical",
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
    composeLint: ["CL-0001"],
  },
  check(subject, report, { params }) {
    if (params.containers.includes(subject.label)) return;
    if (subject.kind === "volume") {
      const device = deviceOf(subject.driverOpts, report);
      if (device && isEngineSocket(device)) {
        report.violation("driverOpts", say`is the engine's socket (${shown(device, "path")})`, say`remove this volume`);
      }
      return;
    }
    for (const mount of report.each(subject.mounts, "mounts")) {
      for (const path of [mount.source, mount.target] as Maybe<string>[]) {
        if (!report.known(path, mount.path) || !isEngineSocket(path) || mount.type === "tmpfs") continue;
        report.violation(
          mount.path,
          say`gets the engine's socket (${shown(path, "path")})`,
          say`remove ${shown(mount.path, "property")}`,
        );
        break;
      }
    }
  },
});

const noSensitiveHostPath = resourceRule({
  name: "no-sensitive-host-path",
  title: "No container mounts a directory that belongs to the host's system.",
  why: "Through /etc, /proc, /run or the engine's data a container reads every secret of the host, and changes it if it may write.",
  severity: "high",
  subjects: ["container", "volume"],
  params: z.strictObject({
    allowed: z
      .array(z.string())
      .default(["/etc/localtime", "/etc/timezone"])
      .describe("Host paths that may be mounted read-only although they are sensitive"),
  }),
  references: {
    cis: ["5.6"],
    kics: ["Volume Has Sensitive Host Directory"],
    composeLint: ["CL-0001", "CL-0013", "CL-0025"],
  },
  check(subject, report, { params }) {
    if (subject.kind === "volume") {
      const device = deviceOf(subject.driverOpts, report);
      if (device?.startsWith("/") && isSensitive(device)) {
        report.violation("driverOpts", say`is the host's ${shown(device, "path")}`, say`use a plain named volume`);
      }
      return;
    }
    for (const mount of report.each(subject.mounts, "mounts")) {
      if (mount.type !== "bind" || !report.known(mount.source, mount.path)) continue;
      const path = normalized(mount.source);
      if (!isSensitive(path) || isEngineSocket(path)) continue;
      if (params.allowed.includes(path) && report.known(mount.readOnly, `${mount.path}.readOnly`) && mount.readOnly)
        continue;
      report.violation(
        mount.path,
        say`mounts ${shown(path, "path")} of the host`,
        say`mount a named volume or a directory of its own instead`,
      );
    }
  },
});

const propagations = ["shared", "rshared", "slave", "rslave"];

const noSharedPropagation = resourceRule({
  name: "no-shared-propagation",
  title: "What a container mounts stays in the container.",
  why: "With shared or slave propagation a mount made inside appears on the host, or the other way round.",
  severity: "high",
  references: { cis: ["5.20"], kics: ["Volume Mounted In Multiple Containers"], composeLint: ["CL-0017"] },
  check(container, report) {
    for (const mount of report.each(container.mounts, "mounts")) {
      if (!report.known(mount.propagation, `${mount.path}.bindOptions`) || !propagations.includes(mount.propagation))
        continue;
      report.violation(
        mount.path,
        say`mounts with ${shown(mount.propagation, propagations)} propagation`,
        say`remove it from ${shown(mount.path, "property")} (the default is rprivate)`,
      );
    }
  },
});

export const hostMountRules = [noDockerSocket, noSensitiveHostPath, noSharedPropagation];

function deviceOf(options: Maybe<Record<string, Maybe<string>>>, report: Reporter): string | undefined {
  if (!report.known(options, "driverOpts")) return undefined;
  const device = options.device ?? "";
  return report.known(device, "driverOpts.device") ? normalized(device) : undefined;
}
