// A task that speaks to a service over HTTP from inside its container, so that no port has to be open for it; or to a second
// process of its image, in a container of its own that ends with the task.
import * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import type { HttpTask } from "../../definition/task.ts";
import { definitionsOf } from "../../services.ts";
import { connectThrough } from "../api/exec.ts";
import { ThroughClient } from "../api/http.ts";
import { knownValue } from "../api/known-value.ts";
import { contentKeepers } from "./contents.ts";
import { type InstanceArgs, instanceContainers, withInstance } from "./instance.ts";
import { follows, Marker } from "./marker.ts";

/** What it is made with besides its definition. */
export interface HttpTaskArgs extends InstanceArgs {
  /** Value of a secret of the stack. */
  secret: (name: string) => pulumi.Output<string>;
  /** Key of the hashes by which a change of a secret is seen. */
  hashKey: pulumi.Output<string>;
  /** The service's container. */
  container: pulumi.CustomResource;
  containerName: string;
  /** There once the service answers. */
  ready: pulumi.Resource;
}

/** The marker of a task that speaks HTTP. */
export function httpTask(task: HttpTask, args: HttpTaskArgs, opts: pulumi.CustomResourceOptions): Marker {
  const { config, secret, hashKey, images, engine, ready } = args;
  const wanted = task.wanted(config, definitionsOf(config));
  const secrets = Object.fromEntries(task.secrets(config).map((name) => [name, secret(name)]));
  const instance = task.instance && instanceContainers(task, task.instance(config), args);
  const talkTo = async (container: Docker.Container) => {
    const said: string[] = [];
    const http = clientIn(engine, container, task.port);
    try {
      await task.run({ http, config, secrets: await opened(secrets), wanted, say: (line) => said.push(line) });
      return said;
    } finally {
      http.close();
    }
  };
  return new Marker(
    task.name,
    {
      title: task.title,
      keepers: {
        ...(instance && { container: JSON.stringify([instance.server, instance.client]) }),
        ...contentKeepers("value", { texts: { ...secrets, ...wanted }, hashKey }),
        follows: follows([args.container]),
      },
      work: (say) =>
        instance
          ? withInstance(
              engine,
              instance,
              {
                state: args.state,
                limits: config.engine.limits,
                deadlineSeconds: config.taskTimeoutSeconds,
                say,
              },
              talkTo,
            )
          : talkTo(engine.getContainer(args.containerName)),
    },
    { ...opts, dependsOn: [ready, images.get("busybox").resource] },
  );
}

function clientIn(engine: Docker, container: Docker.Container, port: number): ThroughClient {
  const command = ["nc", "127.0.0.1", `${port}`];
  return new ThroughClient(`127.0.0.1:${port}`, () => connectThrough(engine, container, command));
}

const opened = (secrets: Record<string, pulumi.Output<string>>): Promise<Record<string, string>> =>
  knownValue(pulumi.all(secrets));
