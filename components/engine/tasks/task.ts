// Task: work that a container does once, to its end, before a service starts. What decides whether it is done again (its
// container, its files) stands in the keepers of its marker, where previews show it and the policies read it.
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import { label, taskRole } from "../../../lib/labels.ts";
import type { Owner, StackConfig } from "../../config/keys/base.ts";
import { taskContainerName } from "../../definition/names.ts";
import type { TaskRun } from "../../definition/task.ts";
import type { PlainContainer } from "../api/create-options.ts";
import { knownValue } from "../api/known-value.ts";
import { confinement, labels, limits as limited } from "../hardening.ts";
import type { Images } from "../remote-images.ts";
import { type Contents, contentKeepers } from "./contents.ts";
import { inHostNumbers } from "./host-ids.ts";
import { follows, Marker } from "./marker.ts";
import { runToEnd } from "./run.ts";
import { stopUsers } from "./users.ts";

/** What the tasks of a stack have in common. */
export interface TaskContext {
  config: StackConfig;
  images: Images;
  /** The engine of the Docker provider. */
  engine: Docker;
  /** `stateId` of the stack. */
  state: string;
}

/** What a task runs, for whom, and with what. */
export interface TaskArgs extends TaskContext, TaskRun {
  /** What it does, in words: `preparing redis`. */
  title: string;
  /** Service that it works for. */
  service: string;
  /** Whose image it runs. @default busybox */
  image?: string;
  /** @default root with the capabilities that preparing takes, and no network */
  run?: { user: Owner };
  /** Labels besides those that everything has. @default none */
  labels?: Record<string, string>;
  volumes: docker.types.input.ContainerVolume[];
  /** Handed over on its standard input, as a tar archive. @default none */
  files?: Contents;
  /** Files whose text is known only when it runs, in place of what `files` says. @default none */
  issuedFiles?: Record<string, () => Promise<string>>;
  /** What it is done again with. @default nothing */
  follows?: pulumi.CustomResource[];
  /** Names of the containers that are stopped before those that run on its volumes. @default none */
  clients?: string[];
}

/** Root in a preparing task may change owner and mode of files and reach them; nothing else, and no network. */
const preparingCapabilities = ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER"];

/** A task of the stack, remembered by its marker. */
export class Task extends Marker {
  /** Runs it once more, outside of any update of its marker, and without stopping anybody: for files that are read anew. */
  readonly runAgain: (say: (text: string) => void) => Promise<string[]>;
  readonly #progress: { hasRun: boolean };

  /** @param name of its resource and, with underscores behind the prefix, of its container: `redis-prepare` */
  constructor(name: string, args: TaskArgs, opts: pulumi.CustomResourceOptions) {
    const { config, title, files, issuedFiles = {}, engine, state } = args;
    const container = taskContainer(name, args);
    const image = args.images.get(args.image ?? "busybox");
    const progress = { hasRun: false };
    const run = async (say: (text: string) => void) => {
      const told = (lines: string[]) => inHostNumbers(engine, config.engine, lines);
      const texts = files && {
        files: { ...(await knownValue(pulumi.output(files.texts))), ...(await issued(issuedFiles)) },
      };
      try {
        const deadlineSeconds = config.taskTimeoutSeconds;
        const { limits } = config.engine;
        return await told(await runToEnd(engine, { container, ...texts, deadlineSeconds, state, limits, say }));
      } catch (error) {
        const [message] = await told([(error as Error).message]);
        throw Object.assign(error as Error, { message });
      }
    };
    super(
      name,
      {
        title,
        keepers: {
          container: JSON.stringify(container),
          ...(files && contentKeepers("file", files)),
          ...(args.follows && { follows: follows(args.follows) }),
        },
        work: async (say) => {
          await stopUsers(engine, container, args.clients ?? [], say);
          const lines = await run(say);
          progress.hasRun = true;
          return lines;
        },
      },
      { ...opts, dependsOn: [image.resource, ...dependencies(opts)] },
    );
    this.runAgain = run;
    this.#progress = progress;
  }

  /** Whether it has run in this update. */
  get hasRun(): boolean {
    return this.#progress.hasRun;
  }
}

async function issued(files: Record<string, () => Promise<string>>): Promise<Record<string, string>> {
  const texts = Object.entries(files).map(async ([name, text]) => [name, await text()] as const);
  return Object.fromEntries(await Promise.all(texts));
}

const dependencies = ({ dependsOn = [] }: pulumi.CustomResourceOptions) => dependsOn as pulumi.Resource[];

/** The container of a task, as the provider would take it: nothing in it is an output. */
export function taskContainer(name: string, args: TaskArgs): PlainContainer & { name: string } {
  const { config, run, images } = args;
  return {
    ...confinement(run ? [] : preparingCapabilities),
    ...limited({ memoryMiB: args.memoryMiB ?? 64, cpus: 1 }),
    name: taskContainerName(config.prefix, name),
    image: images.get(args.image ?? "busybox").ref,
    user: run ? `${run.user.uid}:${run.user.gid}` : "0:0",
    entrypoints: args.command,
    command: [],
    envs: Object.entries(args.env ?? {}).map(([key, value]) => `${key}=${value}`),
    networkMode: "none",
    labels: labels(config, args.service, { ...args.labels, [label.role]: taskRole }),
    volumes: args.volumes as PlainContainer["volumes"],
    readOnly: true,
    tmpfs: args.tmpfs ?? {},
    mustRun: false,
    restart: "no",
  } as PlainContainer & { name: string };
}
