// Service: the only place that creates a container for a long-running service. Around it: volumes for its data and files,
// the task that prepares them, and the task that sets it up. What every container must have comes from hardening.ts and
// cannot be forgotten.
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { label } from "../../lib/labels.ts";
import { ownerOf, type StackConfig } from "../config/keys/base.ts";
import type { NetworkName } from "../definition/container.ts";
import { containerName, prepareTaskName, setupTaskName } from "../definition/names.ts";
import { configPath } from "../definition/service.ts";
import type { SetupTask } from "../definition/task.ts";
import { usesStandIn } from "../image-source.ts";
import { publishedPorts } from "./hardening.ts";
import type { JoinedNetwork, Networks } from "./networks.ts";
import type { Images } from "./remote-images.ts";
import { containerArgs, type NamedContainer, waitTimeoutSeconds } from "./service-container.ts";
import { configStore, dataStore, mount, type Store } from "./storage.ts";
import { Job } from "./tasks/job.ts";
import { configMount, preparation } from "./tasks/prepare.ts";
import { watchService } from "./watch.ts";

/** A service in plain values; only the contents of files may be outputs. */
export interface ServiceSpec extends NamedContainer {
  /** Whether a stand-in may take the place of its image. @default false */
  standIn?: boolean;
  /** Configuration and secrets: name below `configPath` -> content. @default none */
  files?: Record<string, pulumi.Input<string>>;
  /** The fewest bytes that a file may have, of files without which the service would start unprotected. @default 1 */
  minimumBytes?: Record<string, number>;
  /** Parts of the data -> where the container sees them. @default none */
  data?: Record<string, string>;
  /** Runs when data and files have been prepared, before the service starts. @default nothing */
  setup?: SetupTask;
}

/** What the services of a stack have in common. */
export interface StackArgs {
  config: StackConfig;
  images: Images;
  networks: Networks;
}

/** What a service is made with besides its description. */
export interface ServiceArgs extends StackArgs {
  /** Services without which it does not run: it stops before each of them is replaced, and starts afterwards. @default none */
  stopsWith?: Service[];
}

/** Fields that the provider forgets to update: a change replaces the container. `#initerror`: a failed create is tried again. */
const replaceOnChanges = ["#initerror", "healthcheck", "tmpfs", "init", "destroyGraceSeconds"];

/** A part of the data: its place, where the service sees it, and where the task that prepares it does. */
interface DataPart {
  part: string;
  store: Store;
  path: string;
  preparePath: string;
}

/** One long-running service. */
export class Service extends pulumi.ComponentResource {
  /** Absent when the service is switched off; its data and secrets stay. */
  readonly container?: docker.Container;
  /** Where its files are, for tasks that need them too; absent without files or when it is switched off. */
  readonly configStore?: Store;

  readonly #spec: ServiceSpec;
  readonly #args: ServiceArgs;

  /** @param name of the service; the name of its container's resource too */
  constructor(name: string, spec: ServiceSpec, args: ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { config } = args;
    const on = config.services[name] === true;
    super("xnai:index:Service", name, { container: containerName(config.prefix, named(spec)) }, opts);
    this.#spec = spec;
    this.#args = args;
    const data = this.#dataParts();
    if (on) {
      this.configStore = spec.files && configStore(config, name, { parent: this });
      const prepare = this.#prepare(data);
      const setup = spec.setup && this.#setup(spec.setup, data, prepare);
      const before = [prepare, ...(setup ? [setup] : [])].map(({ container }) => container);
      this.container = this.#container(data, before);
    }
    this.registerOutputs({ ports: on ? publishedPorts(config, name) : [] });
  }

  #dataParts(): DataPart[] {
    const { service, data = {} } = this.#spec;
    return Object.entries(data).map(([part, path]) => ({
      part,
      store: dataStore(this.#args.config, service, part, { parent: this }),
      path,
      preparePath: `/prepare/${part}`,
    }));
  }

  /** What the service, and the task that sets it up, mount. */
  #volumes(data: DataPart[]) {
    return [
      ...data.map(({ store, path }) => mount(store, path)),
      ...(this.configStore ? [mount(this.configStore, configPath, true)] : []),
    ];
  }

  #prepare(data: DataPart[]): Job {
    const { service, files = {}, minimumBytes, standIn } = this.#spec;
    const { config, images } = this.#args;
    const owner = ownerOf(config, service);
    const uploads = Object.entries(files).map(([file, content]) => ({ file: `${configMount}/${file}`, content }));
    return new Job(
      prepareTaskName(named(this.#spec)),
      {
        config,
        images,
        service,
        ...preparation({
          owner,
          data: data.map(({ store, preparePath }) => ({ path: preparePath, title: store.title })),
          files: Object.fromEntries(Object.keys(files).map((file) => [file, minimumBytes?.[file] ?? 1])),
          ...(standIn && { writer: usesStandIn(config, service) ? "stand-in" : "real" }),
        }),
        labels: { [label.owner]: `${owner.uid}:${owner.gid}` },
        volumes: [
          ...data.map(({ store, preparePath }) => mount(store, preparePath)),
          ...(this.configStore ? [mount(this.configStore, configMount)] : []),
        ],
        ...(uploads.length > 0 && { uploads }),
      },
      {
        parent: this,
        dependsOn: [...data.flatMap(({ store }) => store.resources), ...(this.configStore?.resources ?? [])],
      },
    );
  }

  #setup(setup: SetupTask, data: DataPart[], prepare: Job): Job {
    const { config, images } = this.#args;
    const { service } = this.#spec;
    return new Job(
      setupTaskName(named(this.#spec)),
      {
        config,
        images,
        service,
        image: service,
        ...setup(Object.fromEntries(data.map(({ part, store }) => [part, store.title]))),
        run: { user: ownerOf(config, service) },
        volumes: this.#volumes(data),
        replaceWith: [prepare.container],
      },
      { parent: this, dependsOn: [prepare.container] },
    );
  }

  /** @param before the containers of the tasks that come first */
  #container(data: DataPart[], before: docker.Container[]): docker.Container {
    const spec = this.#spec;
    const { config, images, stopsWith } = this.#args;
    const image = images.get(spec.service);
    const networks = this.#networks();
    const inputs = containerArgs(config, spec, { image: image.ref, volumes: this.#volumes(data), networks });
    return new docker.Container(spec.service, inputs, {
      parent: this,
      dependsOn: [...before, image.resource, ...networks.map(({ resource }) => resource), ...containersOf(stopsWith)],
      // Stop, prepare anew, start: what a changed file or owner needs, and nothing else is touched.
      replaceWith: [...before, ...containersOf(stopsWith)],
      deleteBeforeReplace: true,
      replaceOnChanges,
      hooks: watchService(containerName(config.prefix, named(spec)), spec.service, waitTimeoutSeconds, this),
    });
  }

  /** The networks that it joins, each with the name that others on it call it by. */
  #networks(): (JoinedNetwork & { alias: string })[] {
    const { service, networks } = this.#spec;
    const { config } = this.#args;
    const joined = { ...networks, ...(config.egress.includes(service) && { egress: service }) };
    return Object.entries(joined).map(([network, alias]) => ({
      ...this.#args.networks.get(network as NetworkName),
      alias,
    }));
  }
}

const containersOf = (services: Service[] = []) => services.flatMap(({ container }) => (container ? [container] : []));

/** A service as its names are made from it. */
const named = ({ service, containerSuffix }: ServiceSpec) => ({ name: service, containerSuffix });
