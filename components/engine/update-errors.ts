// Errors of the engine that do not say what to do: the provider passes them on as they are, and this adds a sentence.
import * as pulumi from "@pulumi/pulumi";
import { refusalIn } from "../../lib/engine/refusals.ts";

/** What to do about an error of a container's update; undefined where its own words say it. Pure. */
export function advice(
  error: string,
  service: string,
  memoryMiB: number,
  limitsKey = `resources.${service}`,
): string | undefined {
  if (!/memory limit|memory\.(max|limit)/i.test(error)) return undefined;
  return (
    `${service} uses more memory at the moment than the ${memoryMiB} MiB that it is to be limited to, so that the engine cannot change the limit while it runs.\n` +
    `Set ${limitsKey}.memoryMiB to more, or start it anew within the limit: npm run up -- --repair ${service}`
  );
}

/** What an engine's refusal means, as it stands below Pulumi's own words; undefined where nobody knows. Pure. */
export function meaning(error: string): string | undefined {
  const refusal = refusalIn(error);
  return refusal && `That means: ${refusal.what}.\n${refusal.fix}`;
}

/** Says it, on the component that a resource belongs to. Nothing is retried. */
const saying = (name: string, about: pulumi.Resource, text: (error: string, operation: string) => string | undefined) =>
  new pulumi.ErrorHook(`advice about ${name}`, async ({ failedOperation, errors }) => {
    const said = text(errors.join("\n"), failedOperation);
    if (said !== undefined) await pulumi.log.error(said, about);
    return false;
  });

/** About a container of a service. */
export const adviceOnError = (
  service: string,
  memoryMiB: number,
  limitsKey: string,
  about: pulumi.Resource,
): pulumi.ErrorHook =>
  saying(service, about, (error, operation) =>
    operation === "update" ? (advice(error, service, memoryMiB, limitsKey) ?? meaning(error)) : meaning(error),
  );

/** About a network, a volume or an image. @param name one of a kind in the stack */
export const meaningOfError = (name: string, about: pulumi.Resource): pulumi.ErrorHook => saying(name, about, meaning);
