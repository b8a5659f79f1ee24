// A task in a running service for one app that uses it: a command in the service's container that reads what the app is given.
import type * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import type { ClientTask } from "../../definition/clients.ts";
import { execReading } from "../api/exec.ts";
import { knownValue } from "../api/known-value.ts";
import { contentKeepers } from "./contents.ts";
import { follows, Marker } from "./marker.ts";

/** What it is made with besides its definition. */
export interface ClientTaskArgs {
  engine: Docker;
  /** What the command reads. */
  input: pulumi.Output<string>;
  /** Key of the hashes by which a change of a secret is seen. */
  hashKey: pulumi.Output<string>;
  /** The service's container. */
  container: pulumi.CustomResource;
  containerName: string;
  /** There once the service answers. */
  ready: pulumi.Resource;
  /** Seconds after which it counts as failed. */
  deadlineSeconds: number;
}

/** The marker of such a task. @param name of its resource */
export function clientTask(
  name: string,
  { title, command, wanted, reason }: ClientTask,
  args: ClientTaskArgs,
  opts: pulumi.CustomResourceOptions,
): Marker {
  const { engine, input, hashKey, container, containerName, ready, deadlineSeconds } = args;
  return new Marker(
    name,
    {
      title,
      keepers: {
        ...contentKeepers("value", { texts: { ...wanted, input }, hashKey }),
        follows: follows([container]),
      },
      work: async () => {
        const reading = { command, input: await knownValue(input) };
        const asked = await execReading(engine, engine.getContainer(containerName), reading, deadlineSeconds * 1000);
        if (asked.code === undefined) throw new Error(`${containerName} did not do it within ${deadlineSeconds} s`);
        if (asked.code !== 0) throw new Error(reason(asked.output));
        return [];
      },
    },
    { ...opts, dependsOn: [ready] },
  );
}
