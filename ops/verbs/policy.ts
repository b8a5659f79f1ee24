// `xnai policy`: all rules over the program, an exported state or a compose file, as a report.
import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { ensureComposeLoader } from "../../airgap/compose-loader/index.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { say } from "../../lib/progress.ts";
import { type PolicyConfig, PolicyConfigError, parsePolicyConfig } from "../../policies/config.ts";
import { evaluate } from "../../policies/evaluate.ts";
import { collectCompose } from "../audit/compose/compose.ts";
import { startedLoader } from "../audit/compose/read.ts";
import type { AuditInput } from "../audit/input.ts";
import { collectPreview, stackPolicy } from "../audit/preview.ts";
import { jsonReport } from "../audit/report/json.ts";
import { markdownReport } from "../audit/report/markdown.ts";
import { activeRules, makeReport, reportCode } from "../audit/report/report.ts";
import { sarifReport } from "../audit/report/sarif.ts";
import { textReport } from "../audit/report/text.ts";
import { collectState } from "../audit/state.ts";
import { writeReport } from "../audit/write-report.ts";
import { defaultStack } from "../paths.ts";

interface Options {
  stack: string;
  state?: string;
  compose?: string[];
  profile?: string[];
  envFile?: string[];
  policyConfig?: string;
  json?: boolean;
  sarif?: string;
  markdown?: string;
}

async function policy(options: Options): Promise<number> {
  refuseWithoutCompose(options);
  const config = policyConfig(options);
  const collected = await collect(options);
  const report = makeReport(collected, evaluate(collected.facts, config), activeRules(config.level));
  if (options.sarif) writeReport(options.sarif, `${JSON.stringify(sarifReport(report, packVersion()), null, 2)}\n`);
  if (options.markdown) writeReport(options.markdown, markdownReport(report));
  console.log(options.json ? JSON.stringify(jsonReport(report), null, 2) : textReport(report));
  return reportCode(report);
}

/** Flags of Compose mean nothing without a compose file. */
function refuseWithoutCompose({ compose, profile, envFile }: Options): void {
  if (compose !== undefined || (profile === undefined && envFile === undefined)) return;
  const flag = profile === undefined ? "--env-file" : "--profile";
  throw new XnaiError(exitCode.usage, `${flag} is for compose files.`, "Name them: npm run policy -- --compose FILE");
}

async function collect({ state, compose, profile, envFile, stack }: Options): Promise<AuditInput> {
  if (state !== undefined) return collectState(state);
  if (compose === undefined) return collectPreview(stack);
  const request = { files: compose, profiles: profile, envFiles: envFile };
  return collectCompose(request, process.env, startedLoader(await ensureComposeLoader(say)));
}

/** The stack's own configuration of the rules, with the given file laid over it. A compose file has no stack. */
function policyConfig({ policyConfig: file, compose, stack }: Options): PolicyConfig {
  const fromStack = compose === undefined ? stackPolicy(stack) : {};
  const where = file ?? `Pulumi.${stack}.yaml`;
  try {
    return parsePolicyConfig(file === undefined ? fromStack : { ...fromStack, ...readJson(file) }, where);
  } catch (error) {
    if (!(error instanceof PolicyConfigError)) throw error;
    throw new XnaiError(exitCode.usage, error.message, "docs/policies.md lists every rule with its parameters.");
  }
}

function readJson(file: string): object {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new XnaiError(
      exitCode.usage,
      `${file} cannot be read as JSON: ${(error as Error).message}`,
      "Correct the file, or leave out --policy-config.",
    );
  }
}

/** Of the policy pack, for the SARIF report. */
function packVersion(): string {
  return JSON.parse(readFileSync(new URL("../../policies/package.json", import.meta.url), "utf8")).version;
}

/** Adds the verb to the command. */
export function register(program: Command): void {
  program
    .command("policy")
    .description("hold the stack, a state or a compose file to the rules, without an engine")
    .option("--stack <name>", "the stack whose configuration is used", defaultStack())
    .addOption(new Option("--state <file>", "audit an exported state (pulumi stack export)").conflicts("compose"))
    .option(
      "-f, --compose <file...>",
      "audit compose files, later ones over earlier ones; a folder stands for the compose file and override that Compose finds in it",
    )
    .option("--profile <name...>", "with --compose: only these profiles are on (without it each is judged for itself)")
    .option("--env-file <file...>", "with --compose: files with variables, instead of the .env beside the compose file")
    .option("--policy-config <file>", "configuration of the rules, as for pulumi --policy-pack-config")
    .option("--json", "print the report as JSON")
    .option("--sarif <file>", "write the report as SARIF 2.1.0, for code scanning")
    .option("--markdown <file>", "write the report as Markdown, for a pull request")
    .action(async (options: Options) => {
      process.exitCode = await policy(options);
    });
}
