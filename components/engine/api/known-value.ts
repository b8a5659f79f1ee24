// Values of outputs, where the program itself needs them: only in hooks, which run in updates and never in previews.
import type * as pulumi from "@pulumi/pulumi";

/** The value, secrets in clear: keep it to yourself. Never resolves for an output that stays unknown. */
export const knownValue = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((done) => void output.apply(done));
