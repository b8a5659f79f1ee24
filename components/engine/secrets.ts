// Generated secrets. RandomPassword only: the ids of RandomBytes, RandomId and RandomUuid are their values, in clear in state.
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { StackConfig } from "../config/keys/base.ts";
import type { FileContent, Secret, SecretText } from "../definition/secret.ts";

/**
 * A generated secret of letters and digits, as a secret output. Another number in `rotate` makes a new one.
 * @param length characters. @default 32
 */
export function generatedSecret(
  name: string,
  config: StackConfig,
  opts: pulumi.CustomResourceOptions,
  length = 32,
): pulumi.Output<string> {
  const rotation = `${config.rotate[name] ?? 0}`;
  return new random.RandomPassword(name, { length, special: false, keepers: { rotation } }, opts).result;
}

/** The secrets of one stack by name: made by the component whose they are, used by whoever names them. */
export class Secrets {
  readonly #config: StackConfig;
  readonly #values = new Map<string, pulumi.Output<string>>();

  constructor(config: StackConfig) {
    this.#config = config;
  }

  /** Generates the secrets of a definition. */
  generate(secrets: Record<string, Secret> = {}, opts: pulumi.CustomResourceOptions): void {
    for (const [name, { length, format }] of Object.entries(secrets)) {
      const generated = generatedSecret(name, this.#config, opts, length);
      this.#values.set(name, format ? generated.apply(format) : generated);
    }
  }

  /** A text as the engine gets it: what has secrets in it is a secret output. */
  render(text: FileContent): pulumi.Input<string> {
    return typeof text === "string" ? text : this.#render(text);
  }

  #render({ secrets, render }: SecretText): pulumi.Output<string> {
    const values = secrets.map((name) => {
      const value = this.#values.get(name);
      if (!value) throw new Error(`the secret ${name} is used before the service that it belongs to is made`);
      return value;
    });
    return pulumi.secret(pulumi.all(values).apply((all) => render(...all)));
  }
}
