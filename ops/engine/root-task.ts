// What xnai itself runs on a stack's data, because only the engine can reach it: a container that runs to its end, as confined
// as a task of the stack (components/engine/tasks/), with no network.
import type Docker from "dockerode";
import type { StackConfig } from "../../components/config/keys/base.ts";
import { taskContainerName } from "../../components/definition/names.ts";
import { confinement, labels, limits } from "../../components/engine/hardening.ts";
import { type RunArgs, runToEnd } from "../../components/engine/tasks/run.ts";
import { imageRef } from "../../components/image-source.ts";
import { label, taskRole } from "../../lib/labels.ts";
import { say } from "../../lib/progress.ts";
import { ownStateId } from "../pulumi/backend.ts";

/** A place with data: either a volume or a directory of the host. */
export interface Place {
  service: string;
  volumeName?: string;
  hostPath?: string;
}

/** How messages call a place. */
export const titleOf = ({ volumeName, hostPath }: Place): string =>
  volumeName ? `volume ${volumeName}` : `directory ${hostPath}`;

/** What is run. */
export interface RootTask {
  stack: string;
  config: StackConfig;
  /** Part of the container's name: `xnai_look`. */
  name: string;
  /** Whose image. @default busybox */
  image?: string;
  command: string[];
  /** Places, and where the container sees them. */
  places: (Place & { path: string })[];
  /** @default 64 */
  memoryMiB?: number;
}

/** Root in it may reach and change files of anybody, and nothing else. */
const capabilities = ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER"];

/** Runs it. @returns the lines that it printed @throws Error with its own words when it fails */
export function runAsRoot(docker: Docker, task: RootTask): Promise<string[]> {
  const { stack, config, name, image = "busybox", command, places, memoryMiB = 64 } = task;
  const container = {
    ...confinement(capabilities),
    ...limits({ memoryMiB, cpus: 1 }),
    name: taskContainerName(config.prefix, name),
    image: imageRef(config, image),
    user: "0:0",
    entrypoints: command,
    command: [],
    networkMode: "none",
    readOnly: true,
    tmpfs: { "/tmp": "rw,noexec,nosuid,nodev,size=16m" },
    labels: labels(config, places[0]?.service ?? "", { [label.role]: taskRole }),
    volumes: places.map(({ path, volumeName, hostPath }) => ({
      containerPath: path,
      ...(volumeName ? { volumeName } : { hostPath, selinuxRelabel: "z" }),
    })),
  } as RunArgs["container"];
  const { taskTimeoutSeconds: deadlineSeconds, engine } = config;
  return runToEnd(docker, { container, deadlineSeconds, state: ownStateId(stack), limits: engine.limits, say });
}
