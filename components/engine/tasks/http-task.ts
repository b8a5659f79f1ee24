// A task that speaks to a service over HTTP from inside its container, so that no port has to be open for it; or to a second
// process of its image, in a container of its own that ends with the task.
import * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import type { HttpTask, Issuing, ReadyWork, Talk } from "../../definition/task.ts";
import { definitionsOf } from "../../services.ts";
import { connectThrough } from "../api/exec.ts";
import { ThroughClient } from "../api/http.ts";
import { knownValue } from "../api/known-value.ts";
import { contentKeepers } from "./contents.ts";
import { type InstanceArgs, type InstanceContainers, instanceContainers, withInstance } from "./instance.ts";
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

type Speaking = Pick<HttpTaskArgs, "config" | "secret" | "engine">;

/** Prepares such work. */
export function conversation(work: ReadyWork, args: Speaking): Conversation {
  const wanted = work.wanted(args.config, definitionsOf(args.config));
  const secrets = secretsOf(work, args);
  const through = async (container: Docker.Container) => {
    const said: string[] = [];
    await speaking(work, args, container, (talk) => work.run({ ...talk, wanted, say: (line) => said.push(line) }));
    return said;
  };
  return { wanted, secrets, through };
}

const secretsOf = ({ secrets }: Pick<HttpTask, "secrets">, { config, secret }: Speaking) =>
  Object.fromEntries(secrets(config).map((name) => [name, secret(name)]));

/** Opens the connection for as long as `work` takes. */
async function speaking<T>(
  task: Pick<HttpTask, "port" | "through" | "secrets">,
  args: Speaking,
  container: Docker.Container,
  work: (talk: Pick<Talk, "http" | "config" | "secrets">) => Promise<T>,
): Promise<T> {
  const http = clientIn(args.engine, container, task);
  try {
    return await work({ http, config: args.config, secrets: await opened(secretsOf(task, args)) });
  } finally {
    http.close();
  }
}

/** Has a service issue a secret. @param say tells the user what has changed */
export function issued(issuing: Issuing, args: HttpTaskArgs, say: (line: string) => void): Promise<string> {
  const { engine, config } = args;
  const talkTo = (container: Docker.Container) =>
    speaking(issuing, args, container, (talk) => issuing.run({ ...talk, say }));
  if (!issuing.instance) return talkTo(engine.getContainer(args.containerName));
  return throughInstance(instanceContainers(issuing, issuing.instance(config), args), args, say, talkTo);
}

const throughInstance = <T>(
  instance: InstanceContainers,
  { engine, state, config }: HttpTaskArgs,
  say: (text: string) => void,
  talkTo: (container: Docker.Container) => Promise<T>,
): Promise<T> =>
  withInstance(
    engine,
    instance,
    { state, limits: config.engine.limits, deadlineSeconds: config.taskTimeoutSeconds, say },
    talkTo,
  );

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
        instance ? throughInstance(instance, args, say, talkTo) : talkTo(engine.getContainer(args.containerName)),
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
