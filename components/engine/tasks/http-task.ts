// A task that speaks to a service over HTTP from inside its container, so that no port has to be open for it; or to a second
// process of its image, in a container of its own that ends with the task.
import * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import type { HttpTask, ReadyWork } from "../../definition/task.ts";
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

/** Work over HTTP, with everything that it takes but the container through which it is done. */
export interface Conversation {
  wanted: Record<string, string>;
  secrets: Record<string, pulumi.Output<string>>;
  /** Does it. @returns what it has to tell the user */
  through: (container: Docker.Container) => Promise<string[]>;
}

/** Prepares such work. */
export function conversation(
  work: ReadyWork,
  { config, secret, engine }: Pick<HttpTaskArgs, "config" | "secret" | "engine">,
): Conversation {
  const wanted = work.wanted(config, definitionsOf(config));
  const secrets = Object.fromEntries(work.secrets(config).map((name) => [name, secret(name)]));
  const through = async (container: Docker.Container) => {
    const said: string[] = [];
    const http = clientIn(engine, container, work);
    try {
      await work.run({ http, config, secrets: await opened(secrets), wanted, say: (line) => said.push(line) });
      return said;
    } finally {
      http.close();
    }
  };
  return { wanted, secrets, through };
}

/** The marker of a task that speaks HTTP. */
export function httpTask(task: HttpTask, args: HttpTaskArgs, opts: pulumi.CustomResourceOptions): Marker {
  const { config, hashKey, images, engine, ready } = args;
  const { wanted, secrets, through: talkTo } = conversation(task, args);
  const instance = task.instance && instanceContainers(task, task.instance(config), args);
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

function clientIn(
  engine: Docker,
  container: Docker.Container,
  { port, through = (to) => ["nc", "127.0.0.1", `${to}`] }: Pick<HttpTask, "port" | "through">,
): ThroughClient {
  const command = through(port);
  return new ThroughClient(`127.0.0.1:${port}`, () => connectThrough(engine, container, command));
}

const opened = (secrets: Record<string, pulumi.Output<string>>): Promise<Record<string, string>> =>
  knownValue(pulumi.all(secrets));
