// Errors of the engine that do not say what to do: the provider passes them on as they are, and this adds a sentence.
import * as pulumi from "@pulumi/pulumi";

/** What to do about an error of a container's update; undefined where its own words say it. Pure. */
export function advice(error: string, service: string, memoryMiB: number): string | undefined {
  if (!/memory limit|memory\.(max|limit)/i.test(error)) return undefined;
  return (
    `${service} uses more memory at the moment than the ${memoryMiB} MiB that it is to be limited to, so that the engine cannot change the limit while it runs.\n` +
    `Set resources.${service}.memoryMiB to more, or start it anew within the limit: npm run up -- --repair ${service}`
  );
}

/** Says it, on the service's component. Nothing is retried. */
export const adviceOnError = (service: string, memoryMiB: number, about: pulumi.Resource): pulumi.ErrorHook =>
  new pulumi.ErrorHook(`advice about ${service}`, async ({ failedOperation, errors }) => {
    const text = failedOperation === "update" ? advice(errors.join("\n"), service, memoryMiB) : undefined;
    if (text !== undefined) await pulumi.log.error(text, about);
    return false;
  });
