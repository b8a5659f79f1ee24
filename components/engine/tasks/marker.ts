// A marker: the resource that stands in state for work that was done on the engine. The work is done before the marker is
// created, so that a failure leaves none and the next update does it again; it is done again when the marker is replaced,
// and what follows the marker (`keepers.follows`, service-container.ts) is then stopped first and comes after. Tried on CLI 3.259.
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { explained } from "../api/connection.ts";
import { uninterrupted } from "./interruption.ts";

/** What a marker stands for. */
export interface MarkerArgs {
  /** In words, as it goes on after "before hook": `preparing redis`. One of a kind in the stack. */
  title: string;
  /** What it depends on: when one of these changes, the work is done again. Shown in previews, so no secret in it. */
  keepers: Record<string, pulumi.Input<string>>;
  /** Does the work. @returns what it has to tell the user @throws what stops the update */
  work: (say: (text: string) => void) => Promise<string[]>;
}

/** A `random.RandomUuid`, because it is made anew whenever one of its keepers changes; its value means nothing. */
export class Marker extends random.RandomUuid {
  constructor(name: string, { title, keepers, work }: MarkerArgs, opts: pulumi.CustomResourceOptions) {
    const say = (text: string) => void pulumi.log.info(text, opts.parent);
    const hook = new pulumi.ResourceHook(title, async () => {
      try {
        for (const line of await uninterrupted(title, () => work(say))) say(line);
      } catch (error) {
        throw explained(error);
      }
    });
    super(name, { keepers }, { ...opts, deleteBeforeReplace: true, hooks: { beforeCreate: [hook] } });
  }
}

/** Ids of what something follows, as one value: another one when any of them is made anew. */
export const follows = (resources: pulumi.CustomResource[]): pulumi.Output<string> =>
  pulumi.all(resources.map(({ id }) => id)).apply((ids) => ids.join(" "));
