// What a container leaves on the disk: logs that do not fill it, and data that is not lost.
import { z } from "zod";
import { configRole, label } from "../../../lib/labels.ts";
import { isTask, lookup } from "../../facts/identity.ts";
import { isKnown } from "../../facts/unknown.ts";
import { resourceRule } from "../../rule.ts";
import { say, shown } from "../../say.ts";
import { writable } from "../writable-mounts.ts";

/** Drivers of the engine, and Grafana's. */
const logDrivers = [
  ..."json-file local journald syslog gelf fluentd awslogs splunk etwlogs gcplogs logentries".split(" "),
  ..."loki grafana/loki-docker-driver:latest".split(" "),
];

/** Drivers that keep logs on this machine and bound them themselves. */
const boundedDrivers = ["local", "journald"];

const logsBounded = resourceRule({
  name: "logs-bounded",
  title: "Logs are kept, stay on the machine and cannot fill its disk.",
  why: "With the driver none nobody can tell what went wrong or who was there; json-file without max-size grows for ever; gelf, fluentd, syslog or a cloud driver send logs to somebody else.",
  severity: "medium",
  params: z.strictObject({
    drivers: z
      .array(z.string())
      .default([])
      .describe("Log drivers that are meant although they keep no logs or send them elsewhere"),
  }),
  references: { composeLint: ["CL-0014"], docs: "https://docs.docker.com/engine/logging/configure/" },
  check(container, report, { params }) {
    if (!report.known(container.logDriver, "logDriver")) return;
    const driver = container.logDriver;
    if (boundedDrivers.includes(driver) || params.drivers.includes(driver)) return;
    const write = {
      pulumi: say`write logDriver: "json-file", logOpts: { "max-size": "10m", "max-file": "3" }`,
      compose: say`write logging: { driver: json-file, options: { max-size: "10m", max-file: "3" } }`,
    };
    if (driver === "none") return report.violation("logDriver", say`keeps no logs`, write);
    if (driver !== "json-file")
      return report.violation("logDriver", say`sends its logs through ${shown(driver, logDrivers)}`, write);
    if (!report.known(container.logOpts, "logOpts")) return;
    const size = container.logOpts["max-size"] ?? "";
    if (!report.known(size, "logOpts.max-size") || !["", "-1", "0"].includes(size)) return;
    report.violation("logOpts", say`keeps logs without a limit`, write);
  },
});

const volumeRetained = resourceRule({
  name: "volume-retained",
  title: "A volume survives a destroy of its stack.",
  why: "`pulumi destroy` and every change of a volume's properties delete it with all that is in it.",
  severity: "high",
  subjects: ["volume"],
  params: z.strictObject({
    disposable: z.array(z.string()).default([]).describe("Volumes whose content can be made again"),
  }),
  references: { docs: "https://www.pulumi.com/docs/iac/concepts/resources/options/retainondelete/" },
  check(volume, report, { params }) {
    if (volume.retained !== false || params.disposable.includes(volume.label)) return;
    const role = lookup(volume.labels, label.role);
    if (!report.known(role, "labels") || role === configRole) return;
    report.violation(
      "retainOnDelete",
      say`is deleted with its stack`,
      say`write retainOnDelete: true in its resource options`,
    );
  },
});

const stopsGracefully = resourceRule({
  name: "stops-gracefully",
  title: "A service that writes data is given time to stop.",
  why: "@pulumi/docker kills a container at once unless destroyGraceSeconds is set, whatever stopTimeout says: every replacement is a crash.",
  severity: "high",
  params: z.strictObject({ seconds: z.int().min(1).default(5).describe("Least number of seconds") }),
  references: { docs: "https://github.com/kreuzwerker/terraform-provider-docker/issues/16" },
  check(container, report, { params }) {
    if (isTask(container)) return;
    const data = writable(report.each(container.mounts, "mounts"), report);
    if (data.length === 0 || !report.known(container.stopGraceSeconds, "destroyGraceSeconds")) return;
    if (container.stopGraceSeconds >= params.seconds) return;
    const given = container.stopGraceSeconds;
    report.violation(
      "destroyGraceSeconds",
      say`writes to ${shown(data[0]?.source ?? "", "path")} and is killed after ${given} s`,
      {
        pulumi: say`write destroyGraceSeconds: 30 (a database: 60 or more)`,
        compose: say`write stop_grace_period: 30s (a database: 60s or more)`,
      },
    );
  },
});

const noAnonymousVolume = resourceRule({
  name: "no-anonymous-volume",
  title: "A volume that a container mounts has a name.",
  why: "An anonymous volume is deleted with its container: the next new version of the image starts with no data.",
  severity: "high",
  references: { docs: "https://docs.docker.com/engine/storage/volumes/#named-and-anonymous-volumes" },
  check(container, report) {
    for (const mount of report.each(container.mounts, "mounts")) {
      if (mount.type !== "volume" || !report.known(mount.source, mount.path) || mount.source !== "") continue;
      const target = isKnown(mount.target) ? say` at ${shown(mount.target, "path")}` : say``;
      report.violation(mount.path, say`mounts an anonymous volume${target}`, {
        pulumi: say`write volumeName in ${shown(mount.path, "property")}, or tmpfs if it need not be kept`,
        compose: say`give the volume a name in ${shown(mount.path, "property")}, or use tmpfs if it need not be kept`,
      });
    }
  },
});

export const storageRules = [logsBounded, volumeRetained, stopsGracefully, noAnonymousVolume];
