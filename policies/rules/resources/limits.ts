// How much of the machine a container may use.
import { z } from "zod";
import { isKnown, knownOf } from "../../facts/unknown.ts";
import { resourceRule } from "../../rule.ts";

const memoryLimited = resourceRule({
  name: "memory-limited",
  title: "A container has a memory limit, swap included.",
  why: "Without one, one leak takes the whole machine down, and the kernel picks what to kill.",
  severity: "medium",
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
  title: "A container has a limit or a weight for the processor.",
  why: "One busy service makes all the others miss their health checks.",
  severity: "low",
  level: "advisory",
  references: { cis: ["5.12"], kics: ["Cpus Not Limited"] },
  check(container, report) {
    if (!report.known(container.cpuLimited, "cpus") || container.cpuLimited) return;
    report.violation("cpus", "may use every processor of the machine", 'write cpus: "1.0"');
  },
});

const ulimitsSet = resourceRule({
  name: "ulimits-set",
  title: "A container limits its open files and its processes.",
  why: "The engine's defaults are the machine's; @pulumi/docker has no pids limit, and nproc is the closest to one.",
  severity: "low",
  level: "advisory",
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

export const limitRules = [memoryLimited, cpuLimited, ulimitsSet];
