// No way around the rules: the program holds every resource about containers that it registers to the mandatory rules, so that a
// bare `pulumi up` without --policy-pack is held to them too.
import * as pulumi from "@pulumi/pulumi";
import { type PolicyConfig, PolicyConfigError, parsePolicyConfig } from "../config.ts";
import type { Facts } from "../facts/model.ts";
import { factsOf, isRead } from "../facts/pulumi.ts";
import { Gate } from "./gate.ts";
import { resolveOutputs } from "./resolve-outputs.ts";

/** Exit code by which a Pulumi program says that it failed and has told the user why (@pulumi/pulumi/cmd/run). */
const alreadyExplained = 32;

/**
 * Holds everything that the program registers from here on to the mandatory rules: call it once, before the first
 * resource is made. A preview prints every violation and fails at its end; an update stops at the first one, before the
 * engine hears of the resource. What a preview cannot decide is printed as a warning, and decided by the update.
 * @param policy configuration of the rules in the form of `--policy-pack-config`
 * @param where where the user wrote it, for error texts
 * @throws RunError when the configuration of the rules is wrong
 */
export function enforce(policy: unknown, where: string): void {
  const gate = new Gate(parsed(policy, where));
  const preview = pulumi.runtime.isDryRun();
  const started = judge(gate, defaultProvider(), preview);
  pulumi.runtime.registerResourceTransform(async ({ type, name, props, opts }) => {
    await started;
    if (!isRead(type)) return undefined;
    const retained = Boolean(opts.protect || opts.retainOnDelete);
    const { ignoreChanges = [] } = opts;
    const resource = {
      type,
      name,
      urn: `${type}::${name}`,
      props: await resolveOutputs(props),
      retained,
      ignoreChanges,
    };
    for (const facts of factsOf(resource)) await judge(gate, facts, preview);
    return undefined;
  });
}

async function judge(gate: Gate, facts: Facts, preview: boolean): Promise<void> {
  const { violations, undecided } = gate.admit(facts);
  const broken = preview ? violations : [...violations, ...undecided];
  const told = broken.map(({ rule, message }) => pulumi.log.error(`Policy ${rule.name}: ${message}`));
  if (preview) {
    for (const { rule, message } of undecided) pulumi.log.warn(`Policy ${rule.name}, undecided until up: ${message}`);
  }
  await Promise.all(told);
  if (broken.length === 0) return;
  if (!preview) process.exit(alreadyExplained);
  process.exitCode = alreadyExplained;
}

/** The provider that Pulumi makes by itself. The program does not register it: it comes from the configuration. */
function defaultProvider(): Facts {
  const config = new pulumi.Config("docker");
  const host = config.get("host") ?? process.env.DOCKER_HOST ?? "";
  const certificate = config.get("certPath") ?? config.get("certMaterial") ?? process.env.DOCKER_CERT_PATH ?? "";
  const label = config.get("host") ? "The configuration docker:host" : "DOCKER_HOST";
  return { kind: "provider", id: "docker:host", label, dialect: "pulumi", host, tls: certificate !== "" };
}

function parsed(policy: unknown, where: string): PolicyConfig {
  try {
    return parsePolicyConfig(policy, where);
  } catch (error) {
    if (error instanceof PolicyConfigError) throw new pulumi.RunError(error.message);
    throw error;
  }
}
