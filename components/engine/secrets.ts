// Generated secrets. RandomPassword only: the ids of RandomBytes, RandomId and RandomUuid are their values, in clear in state.
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { StackConfig } from "../config/keys/base.ts";
import { secretReference, type UserSecrets } from "../config/keys/secrets.ts";
import type { FileContent, Secret, SecretText } from "../definition/secret.ts";
import { knownValue } from "./api/known-value.ts";

/** Which of the periods of so many days it is, as Pulumi's state shows it. */
const periodOf = (days: number) => `period ${Math.floor(Date.now() / (days * 86_400_000))} of ${days} days`;

/**
 * A generated secret of letters and digits, as a secret output.
 * @param rotation another number makes a new one
 * @param length characters. @default 32
 */
export function generatedSecret(
  name: string,
  rotation: number | string,
  opts: pulumi.CustomResourceOptions,
  length = 32,
): pulumi.Output<string> {
  const keepers = { rotation: `${rotation}` };
  return new random.RandomPassword(name, { length, special: false, keepers }, opts).result;
}

/** A secret of the user's: what Pulumi has decrypted, or one that is generated. */
function userSecret(
  name: string,
  secret: UserSecrets[string],
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  if (typeof secret === "string") return pulumi.secret(secret);
  if ("secure" in secret) throw new pulumi.RunError(`xnai:secrets.${name} is encrypted, and Pulumi did not open it`);
  const { generate, rotation } = secret;
  return generatedSecret(`secret-${name}`, rotation, opts, generate);
}

/** The secrets of one stack by name: made by the component whose they are, used by whoever names them. */
export class Secrets {
  readonly #config: StackConfig;
  readonly #values = new Map<string, pulumi.Output<string>>();
  readonly #issuers = new Map<string, () => Promise<string>>();

  /** Key of the hashes by which markers see that a secret has changed. It opens nothing. */
  readonly hashKey: pulumi.Output<string>;

  constructor(config: StackConfig, opts: pulumi.CustomResourceOptions = {}) {
    this.#config = config;
    this.hashKey = generatedSecret("hash-key", 0, opts);
    for (const [name, secret] of Object.entries(config.secrets))
      this.#values.set(secretReference(name), userSecret(name, secret, opts));
  }

  /** Generates the secrets of a definition. @param parent the component whose they are */
  generate(secrets: Record<string, Secret> = {}, parent: pulumi.ComponentResource): void {
    for (const [name, secret] of Object.entries(secrets)) {
      const { length, format, formerParent, rotation = this.#config.rotate[name] ?? 0, renewedEveryDays } = secret;
      const aliases = formerParent && [{ parent: pulumi.createUrn(formerParent.name, formerParent.type, parent.urn) }];
      const renewal = renewedEveryDays === undefined ? rotation : `${rotation}, ${periodOf(renewedEveryDays)}`;
      const generated = generatedSecret(name, renewal, { parent, ...(aliases && { aliases }) }, length);
      this.#values.set(name, format ? generated.apply(format) : generated);
    }
  }

  /** The value of one secret. @throws Error before the component whose it is has been made */
  value(name: string): pulumi.Output<string> {
    const value = this.#values.get(name);
    if (!value) throw new Error(`the secret ${name} is used before the service that it belongs to is made`);
    return value;
  }

  /** Has a secret made up when it is written down, once in an update. @param issue asks for a new one */
  issue(name: string, issue: () => Promise<string>): void {
    let issued: Promise<string> | undefined;
    this.#issuers.set(name, () => {
      issued ??= issue();
      return issued;
    });
  }

  /** A text as it is written down, if a secret in it is made up then; otherwise `render` is all. */
  issued(text: FileContent): (() => Promise<string>) | undefined {
    if (typeof text === "string" || !text.secrets.some((name) => this.#issuers.has(name))) return undefined;
    return async () => {
      const values = text.secrets.map((name) => this.#issuers.get(name)?.() ?? knownValue(this.value(name)));
      return text.render(...(await Promise.all(values)));
    };
  }

  /** A text as the engine gets it: what has secrets in it is a secret output. */
  render(text: FileContent): pulumi.Input<string> {
    return typeof text === "string" ? text : this.#render(text);
  }

  #render({ secrets, render }: SecretText): pulumi.Output<string> {
    const values = secrets.map((name) => this.value(name));
    return pulumi.secret(pulumi.all(values).apply((all) => render(...all)));
  }
}
