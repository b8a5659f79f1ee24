// How much of the machine a container may use.
import { z } from "zod";
import { enforces } from "../../../lib/engine/traits.ts";
import { isTask } from "../../facts/identity.ts";
import type { ContainerFacts } from "../../facts/model.ts";
import { isKnown, knownOf } from "../../facts/unknown.ts";
import { resourceRule, stackRule } from "../../rule.ts";
import { type Said, say, shown, written } from "../../say.ts";

const memoryLimited = resourceRule({
  name: "memory-limited",
  title: "A container has a memory limit, swap included.",
  why: "Without one, one leak takes the whole machine down, and the kernel picks what to kill.",
  severity: "medium",
  references: { cis: ["5.11"], kics: ["Memory Not Limited"], composeLint: ["CL-0026"] },
  check(container, report, { settings }) {
    const write = {
      pulumi: say`write memory: 512, memorySwap: 512 (MiB)`,
      compose: container.limitsInDeploy
        ? say`write memory: 512m in deploy.resources.limits and memswap_limit: 512m`
        : say`write mem_limit: 512m and memswap_limit: 512m`,
    };
    if (report.known(container.memory, "memory") && (container.memory <= 0 || !enforces(settings.engine, "memory"))) {
      report.violation("memory", say`may use all memory of the machine`, write);
    }
    if (report.known(container.memorySwap, "memorySwap") && container.memorySwap < 0) {
      report.violation("memorySwap", say`may use all swap of the machine`, write);
    }
  },
});

const cpuLimited = resourceRule({
  name: "cpu-limited",
  title: "A container has a limit or a weight for the processor.",
  why: "One busy service makes all the others miss their health checks.",
  severity: "low",
  level: "advisory",
  references: { cis: ["5.12"], kics: ["Cpus Not Limited"], composeLint: ["CL-0026"] },
  check(container, report, { settings }) {
    if (!report.known(container.cpuLimited, "cpus")) return;
    if (container.cpuLimited && enforces(settings.engine, "cpu")) return;
    report.violation("cpus", say`may use every processor of the machine`, inLimits(container, say`cpus: "1.0"`));
  },
});

const ulimitsSet = resourceRule({
  name: "ulimits-set",
  title: "A container limits its open files.",
  why: "The engine's default is the machine's, and one leak then takes the files of everybody.",
  severity: "low",
  level: "advisory",
  params: z.strictObject({
    names: z.array(z.string()).default(["nofile"]).describe("Limits that must be there"),
  }),
  references: { cis: ["5.19"] },
  check(container, report, { params }) {
    if (!report.known(container.ulimits, "ulimits")) return;
    const missing = params.names.filter((name) => !knownOf(container.ulimits).includes(name));
    if (missing.length === 0) return;
    if (!container.ulimits.every(isKnown)) return report.undecided("ulimits");
    report.violation("ulimits", say`sets no limit for ${written(missing.join(" and "))}`, {
      pulumi: say`write ulimits: [${written(missing.map((name) => `{ name: "${name}", soft: 1024, hard: 1024 }`).join(", "))}]`,
      compose: say`write ulimits: { ${written(missing.map((name) => `${name}: 1024`).join(", "))} }`,
    });
  },
});

const pidsLimited = stackRule({
  name: "pids-limited",
  title: "A service has a limit of processes and threads.",
  why: "A fork bomb in one container ends at that, instead of taking every process of the machine. `nproc` is no such limit: it counts all processes of the user on the host.",
  severity: "low",
  level: "advisory",
  readsLater: true,
  references: { cis: ["5.29"], kics: ["Pids Limit Not Set"] },
  check(container, report, { inventory, settings }) {
    if (isTask(container) || !report.known(container.pids, "pids")) return;
    const setLater = isKnown(container.name) ? inventory.pidsLimits.get(container.name) : undefined;
    const pids = setLater ? setLater.pids : container.pids;
    if (!report.known(pids, "pids") || (pids > 0 && enforces(settings.engine, "pids"))) return;
    report.violation("pids", say`may start any number of processes`, {
      pulumi: say`limit them through the engine (docker update --pids-limit 1024 ${shown(container.label, "name")}), because @pulumi/docker has no property for it`,
      compose: container.limitsInDeploy ? inLimits(container, say`pids: 1024`) : say`write pids_limit: 1024`,
    });
  },
});

/** Compose refuses a limit of the service beside others of the same kind under deploy.resources.limits. */
function inLimits({ limitsInDeploy }: ContainerFacts, limit: Said): Said {
  return limitsInDeploy ? say`write ${limit} in deploy.resources.limits` : say`write ${limit}`;
}

export const limitRules = [memoryLimited, cpuLimited, ulimitsSet, pidsLimited];
