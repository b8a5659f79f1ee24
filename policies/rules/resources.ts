// What a container may use, and how it is kept running: limits, restarts, health, logs, data.
import { z } from "zod";
import { configRole, label } from "../../lib/labels.ts";
import { lookup } from "../facts/identity.ts";
import { isKnown, knownOf } from "../facts/maybe.ts";
import { productOf } from "../facts/products.ts";
import { isJob, resourceRule } from "../rule.ts";
import { dataRules, writable } from "./mounts.ts";

const memoryLimited = resourceRule({
  name: "memory-limited",
  area: "resources",
  title: "A container has a memory limit, swap included.",
  why: "Without one, one leak takes the whole machine down, and the kernel picks what to kill.",
  severity: "medium",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: { cis: ["5.11"], kics: ["Memory Not Limited"] },
  check(container, report) {
    const write = {
      pulumi: "write memory: 512, memorySwap: 512 (MiB)",
      compose: "write mem_limit: 512m and memswap_limit: 512m",
    };
    if (report.known(container.memory, "memory") && container.memory <= 0) {
      report.violation("memory", "may use all memory of the machine", write);
    }
    if (report.known(container.memorySwap, "memorySwap") && container.memorySwap < 0) {
      report.violation("memorySwap", "may use all swap of the machine", write);
    }
  },
});

const cpuLimited = resourceRule({
  name: "cpu-limited",
  area: "resources",
  title: "A container has a limit or a weight for the processor.",
  why: "One busy service makes all the others miss their health checks.",
  severity: "low",
  level: "advisory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: { cis: ["5.12"], kics: ["Cpus Not Limited"] },
  check(container, report) {
    if (!report.known(container.cpuLimited, "cpus") || container.cpuLimited) return;
    report.violation("cpus", "may use every processor of the machine", 'write cpus: "1.0"');
  },
});

const ulimitsSet = resourceRule({
  name: "ulimits-set",
  area: "resources",
  title: "A container limits its open files and its processes.",
  why: "The engine's defaults are the machine's; @pulumi/docker has no pids limit, and nproc is the closest to one.",
  severity: "low",
  level: "advisory",
  subjects: ["container"],
  params: z.strictObject({
    names: z.array(z.string()).default(["nofile", "nproc"]).describe("Limits that must be there"),
  }),
  references: { cis: ["5.19"] },
  check(container, report, { params }) {
    if (!report.known(container.ulimits, "ulimits")) return;
    const missing = params.names.filter((name) => !knownOf(container.ulimits).includes(name));
    if (missing.length === 0) return;
    if (!container.ulimits.every(isKnown)) return report.undecided("ulimits");
    report.violation("ulimits", `sets no limit for ${missing.join(" and ")}`, {
      pulumi: `write ulimits: [${missing.map((name) => `{ name: "${name}", soft: 1024, hard: 1024 }`).join(", ")}]`,
      compose: `write ulimits: { ${missing.map((name) => `${name}: 1024`).join(", ")} }`,
    });
  },
});

const restartPolicy = resourceRule({
  name: "restart-policy",
  area: "resources",
  title: "A service comes back after a crash and after a restart of the machine.",
  why: "CIS asks for on-failure with five attempts; somebody who runs a stack alone wants it back in the morning.",
  severity: "low",
  level: "advisory",
  subjects: ["container"],
  params: z.strictObject({
    allowed: z.array(z.string()).default(["unless-stopped", "always"]).describe("Policies that count"),
    maxRetries: z.int().min(1).default(5).describe("Attempts that on-failure may have, if it is allowed"),
  }),
  references: { cis: ["5.15"], kics: ["Restart Policy On Failure Not Set To 5"] },
  check(container, report, { params }) {
    if (isJob(container) || !report.known(container.restart, "restart")) return;
    const [policy = "", attempts] = container.restart.split(":");
    const fix = `write restart: "${params.allowed[0] ?? "unless-stopped"}"`;
    if (!params.allowed.includes(policy)) {
      report.violation("restart", `has the restart policy "${container.restart}"`, fix);
    } else if (policy === "on-failure" && report.known(container.maxRetryCount, "maxRetryCount")) {
      const most = attempts === undefined ? container.maxRetryCount : Number(attempts);
      if (most >= 1 && most <= params.maxRetries) return;
      report.violation(
        "maxRetryCount",
        `restarts ${most >= 1 ? most : "any number of"} times`,
        `allow at most ${params.maxRetries}`,
      );
    }
  },
});

const healthChecked = resourceRule({
  name: "health-checked",
  area: "resources",
  title: "A service has a health check.",
  why: "Without one `up` calls a crash loop a success, and whatever depends on it starts too early.",
  severity: "medium",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: { cis: ["5.27", "4.6"], kics: ["Healthcheck Not Set"], checkov: ["CKV_DOCKER_2"] },
  check(container, report) {
    if (isJob(container) || !report.known(container.healthcheck, "healthcheck.tests")) return;
    const [first] = container.healthcheck;
    if (first !== undefined && first !== "NONE") return;
    const problem = first === "NONE" ? "switches its health check off" : "has no health check";
    report.violation("healthcheck", problem, {
      pulumi: 'write healthcheck: { tests: ["CMD", ...], interval: "5s" } with a command that its image has',
      compose: "write healthcheck: { test: [CMD, ...], interval: 5s } with a command that its image has",
    });
  },
});

const healthCheckRuns = resourceRule({
  name: "health-check-runs",
  area: "resources",
  title: "A health check calls a program that its image has.",
  why: "A check that cannot start is a service that is never healthy: curl is in few images, a shell not in all.",
  severity: "medium",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: { docs: "policies/tables/telemetry.ts (lacks)" },
  check(container, report, { settings }) {
    if (isJob(container) || !report.known(container.image, "image")) return;
    const lacks = productOf(container.image, settings)?.lacks ?? [];
    if (lacks.length === 0) return;
    const words = report.each(container.healthcheck, "healthcheck.tests");
    const shell = words[0] === "CMD-SHELL" ? ["sh"] : [];
    const programs = [...shell, ...words.slice(1).flatMap((word) => word.split(/[\s;|&()$"'`]+/))];
    const missing = programs.map((each) => each.split("/").pop() ?? "").find((each) => lacks.includes(each));
    if (missing === undefined) return;
    const problem = `has a health check that calls ${missing}, which its image does not have`;
    report.violation("healthcheck.tests", problem, "use a command of the image (docs/policies.md lists them)");
  },
});

/** Drivers that keep logs on this machine and bound them themselves. */
const boundedDrivers = ["local", "journald", "none"];

const logsBounded = resourceRule({
  name: "logs-bounded",
  area: "resources",
  title: "Logs stay on the machine and cannot fill its disk.",
  why: "json-file without max-size grows for ever; gelf, fluentd, syslog or a cloud driver send logs to somebody else.",
  severity: "medium",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({
    drivers: z.array(z.string()).default([]).describe("Log drivers that are meant although they send logs elsewhere"),
  }),
  references: { cis: ["2.13"] },
  check(container, report, { params }) {
    if (!report.known(container.logDriver, "logDriver")) return;
    const driver = container.logDriver;
    if (boundedDrivers.includes(driver) || params.drivers.includes(driver)) return;
    const write = {
      pulumi: 'write logDriver: "json-file", logOpts: { "max-size": "10m", "max-file": "3" }',
      compose: 'write logging: { driver: json-file, options: { max-size: "10m", max-file: "3" } }',
    };
    if (driver !== "json-file") return report.violation("logDriver", `sends its logs through ${driver}`, write);
    if (!report.known(container.logOpts, "logOpts")) return;
    const size = container.logOpts["max-size"] ?? "";
    if (!report.known(size, "logOpts.max-size") || !["", "-1", "0"].includes(size)) return;
    report.violation("logOpts", "keeps logs without a limit", write);
  },
});

const volumeRetained = resourceRule({
  name: "volume-retained",
  area: "resources",
  title: "A volume survives a destroy of its stack.",
  why: "`pulumi destroy` and every change of a volume's properties delete it with all that is in it.",
  severity: "high",
  level: "mandatory",
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
      "is deleted with its stack",
      "write retainOnDelete: true in its resource options",
    );
  },
});

const stopsGracefully = resourceRule({
  name: "stops-gracefully",
  area: "resources",
  title: "A service that writes data is given time to stop.",
  why: "@pulumi/docker kills a container at once unless destroyGraceSeconds is set, whatever stopTimeout says: every replacement is a crash.",
  severity: "high",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({ seconds: z.int().min(1).default(5).describe("Least number of seconds") }),
  references: { docs: "https://github.com/kreuzwerker/terraform-provider-docker/issues/16" },
  check(container, report, { params }) {
    if (isJob(container)) return;
    const data = writable(report.each(container.mounts, "mounts"), report);
    if (data.length === 0 || !report.known(container.stopGraceSeconds, "destroyGraceSeconds")) return;
    if (container.stopGraceSeconds >= params.seconds) return;
    const given = container.stopGraceSeconds;
    report.violation("destroyGraceSeconds", `writes to ${data[0]?.source} and is killed after ${given} s`, {
      pulumi: "write destroyGraceSeconds: 30 (a database: 60 or more)",
      compose: "write stop_grace_period: 30s (a database: 60s or more)",
    });
  },
});

export const resourceRules = [
  memoryLimited,
  cpuLimited,
  ulimitsSet,
  restartPolicy,
  healthChecked,
  healthCheckRuns,
  logsBounded,
  volumeRetained,
  stopsGracefully,
  ...dataRules,
];
