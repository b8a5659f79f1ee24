// One service of a stack, made from its definition: its secrets, the Service itself, and the tasks that follow its start.
import * as pulumi from "@pulumi/pulumi";
import { secretsOf } from "../definition/clients.ts";
import { dividedFiles } from "../definition/files.ts";
import { containerName } from "../definition/names.ts";
import type { FileContent } from "../definition/secret.ts";
import { configPath, type ServiceDefinition } from "../definition/service.ts";
import { definitionsOf } from "../services.ts";
import type { Secrets } from "./secrets.ts";
import { Service } from "./service.ts";
import type { ServiceSpec, StackArgs } from "./service-spec.ts";
import { mount } from "./storage.ts";
import { httpTask } from "./tasks/http-task.ts";

/** What a service is made with besides its definition. */
export interface DefinedServiceArgs extends Omit<StackArgs, "hashKey"> {
  /** The secrets of the stack; the service adds its own. */
  secrets: Secrets;
  /** Services that it stops with or needs, by name; made before it. */
  others: ReadonlyMap<string, Service>;
}

/** A service of the stack. Its type is that of its definition. */
export class DefinedService extends pulumi.ComponentResource {
  /** Its container, data and files. */
  readonly service: Service;

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
    const around = { stopsWith: madeBefore(Object.keys(stopsWith)), needs: madeBefore(needs), clients };
    this.service = new Service(name, this.#spec(), { ...this.#args, ...around }, { parent: this });
    this.#afterStart();
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
      ...(files && { files: rendered(all), restartFiles: rendered(restart), liveFiles: rendered(live) }),
      minimumBytes: Object.fromEntries(
        Object.entries(all).flatMap(([file, text]) => {
          const bytes = typeof text === "string" ? undefined : text.minimumBytes;
          return bytes ? [[file, bytes]] : [];
        }),
      ),
    };
  }

  #afterStart(): void {
    const { container, ready, configStore } = this.service;
    if (!container || !ready) return;
    const { config, secrets } = this.#args;
    for (const task of this.#definition.tasks?.afterStart ?? [])
      httpTask(
        task,
        {
          ...this.#args,
          service: this.#definition.name,
          secret: (name) => secrets.value(name),
          container,
          containerName: containerName(config.prefix, this.#definition),
          ready,
          volumes: configStore ? [mount(configStore, configPath, true)] : [],
        },
        { parent: this },
      );
  }
}
