// Job: the only place that runs a container to completion. A Job that fails fails the update, and the next one runs it again.
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "./config.ts";
import { label, type ServiceName } from "./constants.ts";
import { confinement, labels, limits } from "./hardening.ts";
import type { Images } from "./images.ts";
import { watchJob } from "./watch.ts";

/** A file that is put into one of the Job's volumes before it starts. */
export interface Upload {
  /** Absolute path inside the Job. */
  file: string;
  content: pulumi.Input<string>;
}

export interface JobArgs {
  config: StackConfig;
  images: Images;
  service: ServiceName;
  /** Last part of the container's name: `xnai_redis_prepare`. */
  task: string;
  command: string[];
  /** Labels besides those that everything has. */
  labels?: Record<string, string>;
  volumes: docker.types.input.ContainerVolume[];
  uploads: Upload[];
}

/** Root in a preparing Job may change owner and mode of files and reach them; nothing else, and no network. */
const preparingCapabilities = ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER"];

/** Time for the engine to create and start the container, seconds, on top of the Job's own. */
const startAllowanceSeconds = 60;

export class Job extends pulumi.ComponentResource {
  /** What a service waits for, and is replaced with. */
  public readonly container: docker.Container;

  constructor(name: string, args: JobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("xnai:index:Job", name, {}, opts);
    const { config } = args;
    const image = args.images.get("busybox");
    const containerName = `${config.prefix}_${name.replaceAll("-", "_")}`;
    const deadline = config.jobTimeoutSeconds + startAllowanceSeconds;
    this.container = new docker.Container(
      name,
      {
        ...confinement(preparingCapabilities),
        ...limits({ memoryMiB: 64, cpus: 1 }),
        name: containerName,
        image: image.ref,
        user: "0:0",
        command: args.command,
        networkMode: "none",
        labels: labels(config, args.service, { ...args.labels, [label.role]: "job" }),
        volumes: args.volumes,
        uploads: args.uploads.map(({ file, content }) => ({ file, content, permissions: "0400" })),
        attach: true,
        logs: true,
        mustRun: false,
        restart: "no",
      },
      {
        parent: this,
        dependsOn: [image.resource],
        deleteBeforeReplace: true,
        // A create that timed out is remembered as done; this makes the next update run it again.
        replaceOnChanges: ["#initerror"],
        customTimeouts: { create: `${deadline}s` },
        hooks: watchJob(containerName, this),
      },
    );
    this.registerOutputs({});
  }
}
