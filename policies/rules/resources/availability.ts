// How a service is kept running: restarts and health checks.
import { z } from "zod";
import { isTask } from "../../facts/identity.ts";
import { productOf } from "../../facts/products.ts";
import { isKnown } from "../../facts/unknown.ts";
import { type Fix, resourceRule } from "../../rule.ts";
import { say, shown, written } from "../../say.ts";
import type { Product } from "../../settings.ts";

const restartPolicy = resourceRule({
  name: "restart-policy",
  title: "A service comes back after a crash and after a restart of the machine.",
  why: "CIS asks for on-failure with five attempts; somebody who runs a stack alone wants it back in the morning.",
  severity: "low",
  level: "advisory",
  params: z.strictObject({
    allowed: z.array(z.string()).default(["unless-stopped", "always"]).describe("Policies that count"),
    maxRetries: z.int().min(1).default(5).describe("Attempts that on-failure may have, if it is allowed"),
  }),
  references: { cis: ["5.15"], kics: ["Restart Policy On Failure Not Set To 5"] },
  check(container, report, { params }) {
    if (isTask(container) || !report.known(container.restart, "restart")) return;
    const [policy = "", attempts] = container.restart.split(":");
    const fix = say`write restart: "${written(params.allowed[0] ?? "unless-stopped")}"`;
    if (!params.allowed.includes(policy)) {
      report.violation("restart", say`has the restart policy "${shown(container.restart, "restart")}"`, fix);
    } else if (policy === "on-failure" && report.known(container.maxRetryCount, "maxRetryCount")) {
      const most = attempts === undefined ? container.maxRetryCount : Number(attempts);
      if (most >= 1 && most <= params.maxRetries) return;
      report.violation(
        "maxRetryCount",
        say`restarts ${most >= 1 ? most : say`any number of`} times`,
        say`allow at most ${params.maxRetries}`,
      );
    }
  },
});

const healthChecked = resourceRule({
  name: "health-checked",
  title: "A service has a health check.",
  why: "Without one `up` calls a crash loop a success, and whatever depends on it starts too early.",
  severity: "medium",
  references: { cis: ["5.27", "4.6"], kics: ["Healthcheck Not Set"], checkov: ["CKV_DOCKER_2"] },
  check(container, report, { settings }) {
    if (isTask(container) || !report.known(container.healthcheck, "healthcheck.tests")) return;
    const [first] = container.healthcheck;
    if (first !== undefined && first !== "NONE") return;
    const problem = first === say`NONE` ? say`switches its health check off` : say`has no health check`;
    const product = isKnown(container.image) ? productOf(container.image, settings) : undefined;
    if (product && product.probe.length > 0) report.violation("healthcheck", problem, useProbe(product));
    else
      report.violation("healthcheck", problem, {
        pulumi: say`write healthcheck: { tests: ["CMD", ...], interval: "30s" } with a program that its image has`,
        compose: say`write healthcheck: { test: [CMD, ...], interval: 30s } with a program that its image has`,
      });
  },
});

const healthCheckRuns = resourceRule({
  name: "health-check-runs",
  title: "A health check calls a program that its image has.",
  why: "A check that cannot start is a service that is never healthy: curl is in few images, a shell not in all.",
  severity: "medium",
  references: { docs: "policies/tables/telemetry/ (lacks)" },
  check(container, report, { settings }) {
    if (isTask(container) || !report.known(container.image, "image")) return;
    const product = productOf(container.image, settings);
    const lacks = product?.lacks ?? [];
    if (lacks.length === 0) return;
    const words = report.each(container.healthcheck, "healthcheck.tests");
    const shell = words[0] === "CMD-SHELL" ? ["sh"] : [];
    const programs = [...shell, ...words.slice(1).flatMap((word) => word.split(/[\s;|&()$"'`]+/))];
    const missing = programs.map((each) => each.split("/").pop() ?? "").find((each) => lacks.includes(each));
    if (missing === undefined) return;
    const problem = say`has a health check that calls ${written(missing)}, which its image does not have`;
    report.violation("healthcheck.tests", problem, useProbe(product));
  },
});

/** The health check that is known of a product's image. */
function useProbe(product: Product | undefined): Fix {
  if (!product || product.probe.length === 0) return say`use a program that the image has`;
  const test = written(JSON.stringify(["CMD", ...product.probe]));
  return { pulumi: say`write healthcheck: { tests: ${test} }`, compose: say`write healthcheck: { test: ${test} }` };
}

export const availabilityRules = [restartPolicy, healthChecked, healthCheckRuns];
