// Job: the only place that runs a container to completion. A Job that fails fails the update, and the next one runs it again.
// The provider does not look at exit codes. So a Job counts as created only when its health check has seen that the work is
// done; one that fails never gets there, and is remembered as failed (`#initerror`).
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { label } from "../../../lib/labels.ts";
import type { Owner, StackConfig } from "../../config/keys/base.ts";
import { taskContainerName } from "../../definition/names.ts";
import type { TaskRun } from "../../definition/task.ts";
import { confinement, egressLimits, labels, limits } from "../hardening.ts";
import { healthcheck } from "../healthcheck.ts";
import type { JoinedNetwork } from "../networks.ts";
import type { Images } from "../remote-images.ts";
import { jobFailureMark, watchJob } from "../watch.ts";

/** A file that is put into one of the Job's volumes before it starts. */
export interface Upload {
  /** Absolute path inside the Job. */
  file: string;
  content: pulumi.Input<string>;
}

/** What a Job runs, for whom, and with what. */
export interface JobArgs extends TaskRun {
  config: StackConfig;
  images: Images;
  /** Service that it works for. */
  service: string;
  /** Needs sh, test and sleep. @default busybox */
  image?: string;
  /** @default root with the capabilities that preparing takes, and no network */
  run?: { user: Owner; network?: JoinedNetwork };
  /** Labels besides those that everything has. @default none */
  labels?: Record<string, string>;
  volumes: docker.types.input.ContainerVolume[];
  /** @default none: the Job's root file system is then read-only */
  uploads?: Upload[];
  /** Run again, and before what is replaced with this Job, whenever one of these is. @default nothing */
  replaceWith?: pulumi.Resource[];
}

/** Root in a preparing Job may change owner and mode of files and reach them; nothing else, and no network. */
const preparingCapabilities = ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER"];

/** Time for the engine to create and start the container, seconds, on top of the Job's own. */
const startAllowanceSeconds = 60;

/** On a tmpfs that every container has, whatever its user and root file system. */
const doneFile = "/dev/shm/xnai-job-done";

/** The provider asks for the health once a second; the Job has to be there to be seen healthy. */
const lingerSeconds = 5;

/**
 * A failed Job stays alive: if nobody removes it (see watch.ts), the provider's wait ends at the deadline with an error. As
 * long as the longest deadline there is, so that another one does not run every Job and restart every service.
 */
const failedSeconds = 86_400;

export const jobScript = (script: string) => `set -u
fail() { echo "${jobFailureMark} $1" >&2; sleep ${failedSeconds}; exit 1; }
${script.trim()}
: > ${doneFile}
sleep ${lingerSeconds}`;

/** One container that runs to its end, with what it says and why it failed passed on to the user. */
export class Job extends pulumi.ComponentResource {
  /** What a service waits for, and is replaced with. */
  readonly container: docker.Container;

  /** @param name the container's name behind the prefix, with hyphens: `redis-prepare` */
  constructor(name: string, args: JobArgs, opts?: pulumi.ComponentResourceOptions) {
    const { config, run } = args;
    const containerName = taskContainerName(config.prefix, name);
    super("xnai:index:Job", name, { container: containerName, service: args.service }, opts);
    const image = args.images.get(args.image ?? "busybox");
    const deadline = config.jobTimeoutSeconds;
    this.container = new docker.Container(
      name,
      {
        ...confinement(run ? [] : preparingCapabilities),
        ...limits({ memoryMiB: args.memoryMiB ?? 64, cpus: 1 }),
        name: containerName,
        image: image.ref,
        user: run ? `${run.user.uid}:${run.user.gid}` : "0:0",
        entrypoints: ["sh", "-c", jobScript(args.script), name],
        command: args.args ?? [],
        envs: Object.entries(args.env ?? {}).map(([key, value]) => `${key}=${value}`),
        ...(run?.network
          ? { networksAdvanced: [{ name: run.network.name }], ...egressLimits(config, args.service) }
          : { networkMode: "none" }),
        labels: labels(config, args.service, { ...args.labels, [label.role]: "job" }),
        volumes: args.volumes,
        uploads: (args.uploads ?? []).map(({ file, content }) => ({ file, content, permissions: "0400" })),
        // Uploads need a writable root file system; a Job without them has none.
        readOnly: args.uploads === undefined,
        tmpfs: args.tmpfs ?? {},
        healthcheck: healthcheck({
          test: ["test", "-e", doneFile],
          intervalSeconds: 0.2,
          startPeriodSeconds: 0,
          retries: 1,
        }),
        wait: true,
        waitTimeout: deadline,
        mustRun: false,
        restart: "no",
      },
      {
        parent: this,
        dependsOn: [image.resource, ...(run?.network ? [run.network.resource] : [])],
        deleteBeforeReplace: true,
        replaceOnChanges: ["#initerror"],
        ...(args.replaceWith && { replaceWith: args.replaceWith }),
        customTimeouts: { create: `${deadline + startAllowanceSeconds}s` },
        hooks: watchJob(containerName, this),
      },
    );
    this.registerOutputs({});
  }
}
