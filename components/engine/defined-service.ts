// One service of a stack, made from its definition: its secrets, the Service itself, and the tasks that follow its start.
import * as pulumi from "@pulumi/pulumi";
import { type Client, clientsOf, knownAs, networksOfClients, ownersOf, secretsOf } from "../definition/clients.ts";
import { dividedFiles } from "../definition/files.ts";
import { clientTaskName, containerName, joinedName, joinedTitle } from "../definition/names.ts";
import type { FileContent } from "../definition/secret.ts";
import { configPath, type ServiceDefinition } from "../definition/service.ts";
import { definitionsOf } from "../services.ts";
import { Joined } from "./live-network.ts";
import type { Secrets } from "./secrets.ts";
import { Service } from "./service.ts";
import type { NeededService, ServiceSpec, StackArgs } from "./service-spec.ts";
import { mount } from "./storage.ts";
import { clientTask } from "./tasks/client-task.ts";
import { conversation, type HttpTaskArgs, httpTask, issued } from "./tasks/http-task.ts";
import type { Marker } from "./tasks/marker.ts";

/** What a service is made with besides its definition. */
export interface DefinedServiceArgs extends Omit<StackArgs, "hashKey"> {
  /** The secrets of the stack; the service adds its own. */
  secrets: Secrets;
  /** Services that it stops with or needs, by name; made before it. */
  others: ReadonlyMap<string, NeededService>;
}

/** A service of the stack. Its type is that of its definition. */
export class DefinedService extends pulumi.ComponentResource {
  /** Its container, data and files. */
  readonly service: Service;
  /** It as others need it. */
  readonly needed: NeededService;

  readonly #definition: ServiceDefinition;
  readonly #args: DefinedServiceArgs & StackArgs;

  constructor(definition: ServiceDefinition, args: DefinedServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { name, type, stopsWith = {}, needs = [] } = definition;
    const { config, secrets } = args;
    super(type, name, { container: containerName(config.prefix, definition) }, opts);
    this.#definition = definition;
    this.#args = { ...args, hashKey: secrets.hashKey };
    const madeBefore = (names: readonly string[]) => names.flatMap((other) => args.others.get(other) ?? []);
    const clients = definitionsOf(config)
      .filter((other) => other.stopsWith?.[name] !== undefined)
      .map((other) => containerName(config.prefix, other));
    secrets.generate(secretsOf(config, definition), this);
    const needed = madeBefore(needs);
    const given = needed.flatMap(({ forApps }) => forApps?.get(name) ?? []).map((ready) => ({ ready }));
    const around = { stopsWith: madeBefore(Object.keys(stopsWith)), needs: [...needed, ...given], clients };
    this.service = new Service(name, this.#spec(), { ...this.#args, ...around }, { parent: this });
    const { container, ready } = this.service;
    this.needed = {
      ...(container && { container }),
      ...(ready && { ready }),
      afterStart: this.#afterStart(),
      forApps: this.#forApps(),
    };
    this.registerOutputs({ container: this.service.container?.name });
  }

  #spec(): ServiceSpec {
    const { name, containerSuffix, image, data, files, launcher, reload, container, tasks, damage } = this.#definition;
    const { config, secrets } = this.#args;
    const { all, restart, live } = dividedFiles(this.#definition, config, definitionsOf(config));
    const rendered = (contents: Record<string, FileContent>) =>
      Object.fromEntries(Object.entries(contents).map(([file, text]) => [file, secrets.render(text)]));
    return {
      ...container(config),
      service: name,
      containerSuffix,
      standIn: image.standIn,
      data,
      launcher,
      reload,
      damage,
      setup: tasks?.setup,
      ...(tasks?.whenReady && { whenReady: conversation(tasks.whenReady, { ...this.#args, secret: this.#secret }) }),
      ...(files && { files: rendered(all), restartFiles: rendered(restart), liveFiles: rendered(live) }),
      ...this.#issuedFiles(all),
      minimumBytes: Object.fromEntries(
        Object.entries(all).flatMap(([file, text]) => {
          const bytes = typeof text === "string" ? undefined : text.minimumBytes;
          return bytes ? [[file, bytes]] : [];
        }),
      ),
    };
  }

  #issuedFiles(all: Record<string, FileContent>): Pick<ServiceSpec, "issuedFiles"> {
    const files = Object.entries(all).flatMap(([file, text]) => {
      const written = this.#args.secrets.issued(text);
      return written ? [[file, written] as const] : [];
    });
    return files.length > 0 ? { issuedFiles: Object.fromEntries(files) } : {};
  }

  #afterStart(): Marker[] {
    const { container, ready } = this.service;
    if (!container || !ready) return [];
    const around = this.#talking(container, ready);
    return (this.#definition.tasks?.afterStart ?? []).map((task) => httpTask(task, around, { parent: this }));
  }

  /** What its tasks over HTTP are made with. */
  #talking(container: pulumi.CustomResource, ready: pulumi.Resource): HttpTaskArgs {
    const { configStore } = this.service;
    return {
      ...this.#args,
      service: this.#definition.name,
      secret: this.#secret,
      container,
      containerName: this.#containerName,
      ready,
      volumes: configStore ? [mount(configStore, configPath, true)] : [],
    };
  }

  /** What the apps that use it are given, one by one: a failure is the affair of that app alone. */
  #forApps(): Map<string, pulumi.CustomResource[]> {
    const given = new Map<string, pulumi.CustomResource[]>();
    const { container, ready } = this.service;
    const { forApps, name } = this.#definition;
    if (!forApps || !container || !ready) return given;
    const { config, engine, secrets, hashKey } = this.#args;
    const containerName = this.#containerName;
    const joined = this.#joined(container, ready);
    for (const client of ownersOf(config, this.#definition)) {
      this.#issues(client, container, ready);
      const task = forApps.task?.(client, config);
      const input = task && pulumi.output(secrets.render(task.input));
      const around = { engine, hashKey, container, containerName, ready, deadlineSeconds: config.taskTimeoutSeconds };
      const taskName = clientTaskName(this.#definition, client.name);
      const done = task && input && clientTask(taskName, task, { ...around, input }, { parent: this });
      const talk = forApps.talk?.(client);
      const said = talk && httpTask({ ...talk, name: taskName }, this.#talking(container, ready), { parent: this });
      given.set(client.name, [...joined, ...[done, said].flatMap((each) => each ?? [])]);
    }
    for (const { name: app } of clientsOf(config, name))
      given.set(app, given.get(knownAs(config, this.#definition, app).name) ?? joined);
    return given;
  }

  /** Secrets that this service itself makes up, one at a time. */
  #issues(client: Client, container: pulumi.CustomResource, ready: pulumi.Resource): void {
    const say = (text: string) => void pulumi.log.info(text, this);
    for (const [role, issuing] of Object.entries(this.#definition.forApps?.issues ?? {})) {
      const issue = () => issued(issuing(client), this.#talking(container, ready), say);
      this.#args.secrets.issue(client.secret(role), () => {
        const next = this.#issuing.then(issue);
        this.#issuing = next.catch(() => undefined);
        return next;
      });
    }
  }

  /** The end of what is being issued. */
  #issuing: Promise<unknown> = Promise.resolve();

  /** On the network of the apps that use it, if they have one of their own. */
  #joined(container: pulumi.CustomResource, ready: pulumi.Resource): pulumi.CustomResource[] {
    const { config, engine, networks } = this.#args;
    const [network] = networksOfClients(config, [this.#definition]);
    if (!network) return [];
    const { name, resource } = networks.get(network);
    const alias = this.#definition.name;
    const joining = { container: this.#containerName, network: name, alias };
    const of = { title: joinedTitle(alias, network), joining, container, network: resource, engine };
    return [new Joined(joinedName(this.#definition, network), of, { parent: this, dependsOn: [ready] })];
  }

  readonly #secret = (name: string) => this.#args.secrets.value(name);

  get #containerName(): string {
    return containerName(this.#args.config.prefix, this.#definition);
  }
}
