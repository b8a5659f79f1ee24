// The images of a stack as resources.
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../config/keys/base.ts";
import { imageRef } from "../image-source.ts";
import { connection } from "./api/connection.ts";
import { checkBuilt } from "./api/images.ts";
import { formsOf } from "./forms/index.ts";
import { meaningOfError } from "./update-errors.ts";

/** One `docker.RemoteImage` for each image in use; kept on the engine when the stack goes, so that it can come back offline. */
export class Images extends pulumi.ComponentResource {
  readonly #config: StackConfig;
  readonly #images = new Map<string, docker.RemoteImage>();
  /** Before the provider asks a registry for what none has. */
  readonly #built = new pulumi.ResourceHook("finding the image", ({ newInputs }) =>
    checkBuilt(connection(), newInputs?.name),
  );

  constructor(name: string, config: StackConfig, opts?: pulumi.ComponentResourceOptions) {
    super("xnai:index:Images", name, { source: config.images.source }, opts);
    this.#config = config;
    this.registerOutputs({});
  }

  /** The image and its reference; the reference is a plain value, so that policies know it in preview. */
  get(name: string): { ref: string; resource: docker.RemoteImage } {
    const ref = formsOf(this.#config.engine).image(imageRef(this.#config, name));
    let resource = this.#images.get(name);
    if (!resource) {
      const hooks = { beforeCreate: [this.#built], onError: [meaningOfError(`image ${name}`, this)] };
      resource = new docker.RemoteImage(name, { name: ref, keepLocally: true }, { parent: this, hooks });
      this.#images.set(name, resource);
    }
    return { ref, resource };
  }
}
