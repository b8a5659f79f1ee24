// The files of a task that its service never sees: a volume, and the task that makes them readable.
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { filesTaskName } from "../../definition/names.ts";
import type { Task, TaskFiles } from "../../definition/task.ts";
import type { Secrets } from "../secrets.ts";
import type { StackArgs } from "../service.ts";
import { configStore, mount } from "../storage.ts";
import { Job } from "./job.ts";

/** What they are made with besides their definition. */
export interface TaskFilesArgs extends StackArgs {
  /** The secrets of the stack; the files add theirs. */
  secrets: Secrets;
  /** Service that the task belongs to. */
  service: string;
  /** Whether the service is on. Where it is off, only the secrets are kept. */
  on: boolean;
}

/** A task's files. Its type is that of their definition. */
export class TaskFilesComponent extends pulumi.ComponentResource {
  /** What the task mounts. */
  readonly mounts: docker.types.input.ContainerVolume[] = [];
  /** What the task has to wait for. */
  readonly prepared: docker.Container[] = [];

  constructor(task: Task, files: TaskFiles, args: TaskFilesArgs, opts?: pulumi.ComponentResourceOptions) {
    super(files.type, task.name, { path: files.path }, opts);
    const { config, images, service, secrets } = args;
    const parent = { parent: this };
    secrets.generate(files.secrets, parent);
    if (args.on) {
      const store = configStore(config, service, parent, files.volume);
      const uploads = Object.entries(files.files(config)).map(([file, text]) => ({
        file: `${files.path}/${file}`,
        content: secrets.render(text),
      }));
      const prepare = new Job(
        filesTaskName(task),
        { config, images, service, ...files.prepare(config), volumes: [mount(store, files.path)], uploads },
        { ...parent, dependsOn: store.resources },
      );
      this.mounts = [mount(store, files.path, true)];
      this.prepared = [prepare.container];
    }
    this.registerOutputs({});
  }
}
