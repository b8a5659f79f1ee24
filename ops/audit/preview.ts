// Facts from a preview of this clone's program, against an empty state and without an engine. It runs on a copy of the stack's
// configuration and a state of its own, so that neither the user's state nor Pulumi.<stack>.yaml is touched.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { policyConfigOf } from "../../components/config/policy-config.ts";
import { services } from "../../components/services.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { label } from "../../lib/labels.ts";
import type { Finding } from "../../policies/evaluate.ts";
import { lookup } from "../../policies/facts/identity.ts";
import { factsOf, type PulumiResource } from "../../policies/facts/pulumi.ts";
import { stackConfig } from "../config-file.ts";
import { root } from "../paths.ts";
import { capturePreview } from "../pulumi/cli.ts";
import { withCopy } from "../pulumi/copy.ts";
import { otherErrors, type PreviewEvents, plannedResources, readEvents } from "../pulumi/events.ts";
import type { AuditInput, Place } from "./input.ts";

/** The configuration of the rules that follows from the configuration of the stack. */
export function stackPolicy(stack: string): Record<string, unknown> {
  return policyConfigOf(stackConfig(stack));
}

/** What the program would create from nothing, for a report. */
export async function collectPreview(stack: string): Promise<AuditInput> {
  const resources = await previewedResources(stack);
  return {
    title: `the stack ${stack}`,
    facts: resources.flatMap(factsOf),
    notes: [],
    place: placeIn(stack),
  };
}

/** The resources that the program would create from nothing, with their checked inputs. */
export async function previewedResources(stack: string): Promise<PulumiResource[]> {
  const events = await previewFromNothing(stack);
  // Rules that the program holds itself to are what the report is about; anything else is a failure to run.
  const errors = otherErrors(events);
  if (errors.length > 0 || !events.complete) {
    const why = errors.join("\n") || "Pulumi ended before the preview did";
    throw new XnaiError(
      exitCode.failed,
      `The stack ${stack} cannot be previewed: ${why}`,
      "Correct that, and run the same command again.",
    );
  }
  return plannedResources(events);
}

async function previewFromNothing(stack: string): Promise<PreviewEvents> {
  return withCopy(stack, "nothing", async ({ pulumi, flags }) => {
    const { stdout, stderr, eventLog } = await capturePreview(["--stack", stack, ...flags], pulumi);
    if (eventLog === "")
      throw new XnaiError(
        exitCode.failed,
        `pulumi preview failed: ${stderr || stdout}`,
        "Run npm run toolchain -- --check",
      );
    return readEvents(eventLog);
  });
}

/** A preview does not say where a resource is written: the definition of its service is the place to look. */
function placeIn(stack: string): (finding: Finding) => Place {
  return ({ subject }) => {
    const service =
      subject.kind === "container" || subject.kind === "volume" ? lookup(subject.labels, label.service) : undefined;
    const named = services.find(({ name }) => name === service)?.name;
    const file = named
      ? `components/${named}/definition.ts`
      : subject.kind === "network"
        ? "components/engine/networks.ts"
        : `Pulumi.${stack}.yaml`;
    return { file: existsSync(join(root, file)) ? file : "index.ts", line: 1 };
  };
}
