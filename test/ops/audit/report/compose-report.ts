// A report about the compose file that this project replaces: it breaks rules of every area and severity.
import { join } from "node:path";
import { activeRules, makeReport } from "../../../../ops/audit/report/report.ts";
import { parsePolicyConfig } from "../../../../policies/config.ts";
import { evaluate } from "../../../../policies/evaluate.ts";
import { collected } from "../compose/composed.ts";

const compose = join(import.meta.dirname, "../compose/docker-compose.yml");
export function report(config: object = {}, today = "2030-01-01") {
  const parsed = parsePolicyConfig(config, "test");
  const read = collected(compose);
  return makeReport(read, evaluate(read.facts, parsed, { today }), activeRules(parsed.level));
}
/** One exemption, for the report to show. */
export const exemptions = [
  { rule: "no-docker-socket", resource: "rag_api", reason: "until the API has moved", expires: "2030-06-30" },
];
