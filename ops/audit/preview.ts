// Facts from a preview of this clone's program, against an empty state and without an engine. It runs in a shadow of the
// clone, a temporary directory with links to everything but the state and the stack's configuration, so that neither the
// user's state nor Pulumi.<stack>.yaml is touched.
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { ensureToolchain } from "../../airgap/toolchain/index.ts";
import { policyConfigOf } from "../../components/config/policy-config.ts";
import { services } from "../../components/services.ts";
import { isSsh, machineVariable } from "../../lib/engine/ssh-host.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { label } from "../../lib/labels.ts";
import { say } from "../../lib/progress.ts";
import type { Finding } from "../../policies/evaluate.ts";
import { lookup } from "../../policies/facts/identity.ts";
import { factsOf, type PulumiResource } from "../../policies/facts/pulumi.ts";
import { stackConfig } from "../config-file.ts";
import { root } from "../paths.ts";
import { withoutSecrets } from "../pulumi/copy.ts";
import { otherErrors, type PreviewEvents, plannedResources, readEvents } from "../pulumi/events.ts";
import { inTemporaryFolder } from "../temporary-folder.ts";
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
  return resourcesIn(stack, await previewFromNothing(stack));
}

/** The resources of a preview from nothing. @throws XnaiError (failed) when it did not come to its end */
export function resourcesIn(stack: string, events: PreviewEvents): PulumiResource[] {
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

/** What the engine says of the program when nothing is there yet. */
export async function previewFromNothing(stack: string): Promise<PreviewEvents> {
  const toolchain = await ensureToolchain({ onProgress: say });
  return inTemporaryFolder("policy", async (shadow, stopped) => {
    for (const entry of readdirSync(root)) {
      if (!/^(\.git|\.xnai|Pulumi\..+(?<!\.lock)\.ya?ml)$/.test(entry))
        symlinkSync(join(root, entry), join(shadow, entry));
    }
    writeFileSync(join(shadow, `Pulumi.${stack}.yaml`), withoutSecrets(stack).toString(), { mode: 0o600 });
    const log = join(shadow, "events.jsonl");
    const env = {
      ...toolchain.env,
      PULUMI_BACKEND_URL: `file://${shadow}`,
      PULUMI_CONFIG_PASSPHRASE: randomBytes(24).toString("base64url"),
      PULUMI_CONFIG_PASSPHRASE_FILE: "",
      PULUMI_DEBUG_COMMANDS: "true",
      // No tunnel is needed for what asks no engine.
      ...(isSsh(process.env.DOCKER_HOST ?? "") && { DOCKER_HOST: undefined, [machineVariable]: "elsewhere" }),
    };
    const run = (args: string[]) =>
      execa(toolchain.pulumi, ["--non-interactive", ...args], {
        cwd: shadow,
        env,
        reject: false,
        stdin: "ignore",
        cancelSignal: stopped,
      });
    const made = await run(["stack", "init", stack, "--no-select"]);
    if (made.exitCode !== 0)
      throw new XnaiError(
        exitCode.failed,
        `A temporary stack cannot be created in ${shadow}: ${made.stderr}`,
        "Run npm run toolchain -- --check",
      );
    const previewed = await run(["preview", "--stack", stack, "--event-log", log]);
    if (!existsSync(log))
      throw new XnaiError(
        exitCode.failed,
        `pulumi preview failed: ${previewed.stderr || previewed.stdout}`,
        "Run npm run toolchain -- --check",
      );
    return readEvents(readFileSync(log, "utf8"));
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
