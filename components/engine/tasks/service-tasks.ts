// The tasks that come before the start of a service: data and files are prepared, and what its definition sets up is.
import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { label } from "../../../lib/labels.ts";
import { ownerOf } from "../../config/keys/base.ts";
import { prepareTaskName, prepareTitle, setupTaskName, setupTitle } from "../../definition/names.ts";
import type { SetupTask } from "../../definition/task.ts";
import { usesStandIn } from "../../image-source.ts";
import { named, type ServiceArgs, type ServiceSpec } from "../service-spec.ts";
import { mount, type Store } from "../storage.ts";
import { configMount, prepareCommand } from "./prepare.ts";
import { Task } from "./task.ts";

/** A part of the data: its place, where the service sees it, and where the task that prepares it does. */
export interface DataPart {
  part: string;
  store: Store;
  path: string;
  preparePath: string;
}

/** The service that they work for. */
export interface Around {
  spec: ServiceSpec;
  args: ServiceArgs;
  data: DataPart[];
  configStore: Store | undefined;
  /** What the service mounts. */
  volumes: docker.types.input.ContainerVolume[];
}

/** Gives data and files to the service's owner. */
export function prepareTask({ spec, args, data, configStore }: Around, opts: pulumi.CustomResourceOptions): Task {
  const { service, files, issuedFiles, restartFiles, minimumBytes, standIn, launcher } = spec;
  const { config, hashKey, needs = [] } = args;
  // Who makes a secret up has to answer by then.
  const issuers = issuedFiles
    ? needs.flatMap(({ ready, afterStart = [] }) => [...(ready ? [ready] : []), ...afterStart])
    : [];
  const owner = ownerOf(config, service);
  return new Task(
    prepareTaskName(named(spec)),
    {
      ...args,
      service,
      title: prepareTitle(service),
      command: prepareCommand({
        owner,
        data: data.map(({ store, preparePath }) => ({ path: preparePath, title: store.title })),
        files: Object.fromEntries(Object.keys(files ?? {}).map((file) => [file, minimumBytes?.[file] ?? 1])),
        launcher,
        ...(standIn && { writer: usesStandIn(config, service) ? "stand-in" : "real" }),
      }),
      labels: { [label.owner]: `${owner.uid}:${owner.gid}` },
      volumes: [
        ...data.map(({ store, preparePath }) => mount(store, preparePath)),
        ...(configStore ? [mount(configStore, configMount)] : []),
      ],
      ...(files && { files: { texts: files, hashKey, ...(restartFiles && { counted: restartFiles }) } }),
      ...(issuedFiles && { issuedFiles }),
    },
    {
      ...opts,
      dependsOn: [...data.flatMap(({ store }) => store.resources), ...(configStore?.resources ?? []), ...issuers],
    },
  );
}

/** Runs what the definition wants done before the start, in the service's own image. */
export function setupTask(
  setup: SetupTask,
  prepare: Task,
  { spec, args, data, volumes }: Around,
  opts: pulumi.CustomResourceOptions,
): Task {
  const { service } = spec;
  return new Task(
    setupTaskName(named(spec)),
    {
      ...args,
      service,
      image: service,
      title: setupTitle(service),
      ...setup(Object.fromEntries(data.map(({ part, store }) => [part, store.title]))),
      run: { user: ownerOf(args.config, service) },
      volumes,
      follows: [prepare],
    },
    opts,
  );
}
