// One service of a stack, made from its definition: its secrets, the Service itself, and the tasks that follow its start.
import * as pulumi from "@pulumi/pulumi";
import { ownerOf } from "../config/keys/base.ts";
import { containerName } from "../definition/names.ts";
import { configPath, type ServiceDefinition } from "../definition/service.ts";
import type { Task } from "../definition/task.ts";
import { definitionsOf } from "../services.ts";
import type { Secrets } from "./secrets.ts";
import { Service, type ServiceSpec, type StackArgs } from "./service.ts";
import { mount } from "./storage.ts";
import { Job } from "./tasks/job.ts";
import { TaskFilesComponent } from "./tasks/task-files.ts";

/** What a service is made with besides its definition. */
export interface DefinedServiceArgs extends StackArgs {
  /** The secrets of the stack; the service adds its own. */
  secrets: Secrets;
  /** Services that it stops with, by name; made before it. */
  others: ReadonlyMap<string, Service>;
}

/** A service of the stack. Its type is that of its definition. */
export class DefinedService extends pulumi.ComponentResource {
  /** Its container, data and files. */
  readonly service: Service;

  readonly #definition: ServiceDefinition;
  readonly #args: DefinedServiceArgs;

  constructor(definition: ServiceDefinition, args: DefinedServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { name, type, stopsWith = {} } = definition;
    super(type, name, { container: containerName(args.config.prefix, definition) }, opts);
    this.#definition = definition;
    this.#args = args;
    const others = Object.keys(stopsWith).flatMap((other) => args.others.get(other) ?? []);
    args.secrets.generate(definition.secrets, { parent: this });
    this.service = new Service(name, this.#spec(), { ...args, stopsWith: others }, { parent: this });
    for (const task of definition.tasks?.afterStart ?? []) this.#afterStart(task);
    this.registerOutputs({ container: this.service.container?.name });
  }

  #spec(): ServiceSpec {
    const { name, containerSuffix, image, data, files, container, tasks } = this.#definition;
    const { config, secrets } = this.#args;
    const contents = Object.entries(files?.(config, definitionsOf(config)) ?? {});
    return {
      ...container(config),
      service: name,
      containerSuffix,
      standIn: image.standIn,
      data,
      setup: tasks?.setup,
      ...(files && { files: Object.fromEntries(contents.map(([file, text]) => [file, secrets.render(text)])) }),
      minimumBytes: Object.fromEntries(
        contents.flatMap(([file, text]) => {
          const bytes = typeof text === "string" ? undefined : text.minimumBytes;
          return bytes ? [[file, bytes]] : [];
        }),
      ),
    };
  }

  #afterStart(task: Task): void {
    const { container, configStore } = this.service;
    const { config, images, networks } = this.#args;
    const service = this.#definition.name;
    const on = container !== undefined;
    const files =
      task.files && new TaskFilesComponent(task, task.files, { ...this.#args, service, on }, { parent: this });
    if (!container) return;
    const before = [...(files?.prepared ?? []), container];
    new Job(
      task.name,
      {
        config,
        images,
        service,
        ...(task.image === "service" && { image: service }),
        ...task.run(config),
        run: { user: ownerOf(config, service), network: networks.get(task.network) },
        volumes: [...(files?.mounts ?? []), ...(configStore ? [mount(configStore, configPath, true)] : [])],
        replaceWith: before,
      },
      { parent: files ?? this, dependsOn: before },
    );
  }
}
