// What a checkout would bring up from nothing, as a file: of a pull request and of its base, to be compared.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { StackConfig } from "../../../components/config/keys/base.ts";
import { dividedFiles } from "../../../components/definition/files.ts";
import { prepareTaskName, readyName } from "../../../components/definition/names.ts";
import { definitionsOf } from "../../../components/services.ts";
import { isRecord } from "../../../policies/facts/properties.ts";
import type { PulumiResource } from "../../../policies/facts/pulumi.ts";
import { stackConfig } from "../../config-file.ts";
import { type PreviewEvents, plannedResources } from "../../pulumi/events.ts";
import { previewFromNothing, resourcesIn, stackPolicy } from "../preview.ts";

/** What `preview --resources` writes and `review` compares. */
export interface Plan {
  resources: PulumiResource[];
  /** The stack's own configuration of the rules. */
  policy: Record<string, unknown>;
}

/** The plan of this checkout. @throws XnaiError when the configuration is wrong or the program fails */
export async function planOf(stack: string): Promise<Plan> {
  const { plan, events } = await previewedPlan(stack);
  resourcesIn(stack, events);
  return plan;
}

/** The same with everything that the preview said, which may have failed. */
export async function previewedPlan(stack: string): Promise<{ plan: Plan; events: PreviewEvents }> {
  // Read first: it may be wrong, and then nothing has to run.
  const [config, policy] = [stackConfig(stack), stackPolicy(stack)];
  const events = await previewFromNothing(stack);
  return { plan: { resources: withSecretFiles(plannedResources(events), config), policy }, events };
}

/** Reads what `preview --resources` wrote. @throws Error when it is none */
export function readPlan(file: string): Plan {
  const plan: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (!isRecord(plan) || !Array.isArray(plan.resources) || !isRecord(plan.policy))
    throw new Error("it has no resources or no policy");
  return plan as unknown as Plan;
}

/**
 * Files with secrets stand in markers as keyed hashes, which nobody knows before the key is made. Here they are hashes of the
 * same files with a name in the place of every secret, so that it can be seen whether one of them changes.
 */
export function withSecretFiles(resources: PulumiResource[], config: StackConfig): PulumiResource[] {
  const services = definitionsOf(config);
  const hashes = new Map<string, Record<string, string>>();
  for (const service of services) {
    const { restart, live } = dividedFiles(service, config, services);
    for (const [marker, files] of [
      [prepareTaskName(service), restart],
      [readyName(service), live],
    ] as const)
      for (const [file, content] of Object.entries(files)) {
        if (typeof content === "string") continue;
        const text = content.render(...content.secrets.map((name) => `secret ${name}`));
        hashes.set(marker, { ...hashes.get(marker), [file]: createHash("sha256").update(text).digest("hex") });
      }
  }
  return resources.map((resource) => {
    const found = hashes.get(resource.name);
    const { keepers } = isRecord(resource.props) ? resource.props : {};
    if (!found || !isRecord(keepers) || !("secret files" in keepers)) return resource;
    const known = { ...keepers, "secret files": JSON.stringify(found) };
    return { ...resource, props: { ...(resource.props as object), keepers: known } };
  });
}
