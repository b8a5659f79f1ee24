// Service: the only place that creates a container for a long-running service. A service describes itself as plain data
// (ServiceSpec); what every container must have comes from hardening.ts and cannot be forgotten.
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { label } from "../../lib/labels.ts";
import { ownerOf, type StackConfig } from "../config/schema.ts";
import { configPath, containerSuffix, type ServiceName } from "../constants.ts";
import { confinement, egressLimits, type Limits, labels, limits, publishedPorts } from "./hardening.ts";
import { type Health, healthcheck } from "./health.ts";
import type { Images } from "./image-resources.ts";
import { catalogue, usesStandIn } from "./images.ts";
import { Job, type JobArgs } from "./job.ts";
import type { NetworkName } from "./network-names.ts";
import type { Networks } from "./networks.ts";
import { configMount, preparation } from "./prepare.ts";
import { configStore, dataStore, mount, type Store } from "./storage.ts";
import { watchService } from "./watch.ts";

/** A service in plain values; only the contents of files may be outputs. */
export interface ServiceSpec {
  service: ServiceName;
  /** The image's own when absent. */
  entrypoint?: string[];
  /** The image's own when absent. */
  command?: string[];
  /** Switches without secrets; policies read them. */
  env?: Record<string, string>;
  /** Configuration and secrets: name below `configPath` -> content. */
  files?: Record<string, pulumi.Input<string>>;
  /** The fewest bytes that a file may have, of files without which the service would start unprotected. @default 1 */
  minimumBytes?: Record<string, number>;
  /** Parts of the data and where the container sees them. Mount every VOLUME of the image, or the engine makes one. */
  data?: Record<string, string>;
  /**
   * Runs whenever the service's data and files have been prepared, before it starts: in its image, as its user, with its
   * volumes and without a network. Given what messages call each part of the data.
   */
  setup?: (titles: Record<string, string>) => Pick<JobArgs, "script" | "args" | "tmpfs" | "memoryMiB">;
  /** Path -> mount options. */
  tmpfs?: Record<string, string>;
  /** Network -> the name that others call this service by. */
  networks: Partial<Record<NetworkName, string>>;
  /** `CAP_` names that are proven necessary. */
  capabilities?: string[];
  health: Health;
  /** The image's own when absent. */
  stopSignal?: string;
  /** Seconds until the engine kills it; unset would mean at once. */
  stopGraceSeconds: number;
  limits: Limits;
}

export interface ServiceArgs {
  config: StackConfig;
  images: Images;
  networks: Networks;
  /** Services that have to be healthy first. */
  needs?: Service[];
  /** Services without which it does not run: it stops before each of them is replaced, and starts afterwards. */
  stopsWith?: Service[];
}

/** Fields that the provider forgets to update: a change replaces the container. `#initerror`: a failed create is tried again. */
const replaceOnChanges = ["#initerror", "healthcheck", "tmpfs", "init", "destroyGraceSeconds"];

/** How long `up` waits for the first good health check, seconds. */
const waitTimeoutSeconds = 90;

export class Service extends pulumi.ComponentResource {
  /** Absent when the service is switched off; its data and secrets stay. */
  public readonly container?: docker.Container;
  /** Where its files are, for Jobs that need them too; absent without files or when it is switched off. */
  public readonly configStore?: Store;

  constructor(name: ServiceName, spec: ServiceSpec, args: ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("xnai:index:Service", name, {}, opts);
    const { config, images } = args;
    const own = { parent: this };
    const owner = ownerOf(config, name);
    const stores = Object.entries(spec.data ?? {}).map(([part, path]) => ({
      part,
      store: dataStore(config, name, part, own),
      path,
      jobPath: `/prepare/${part}`,
    }));
    if (!config.services[name]) {
      this.registerOutputs({});
      return;
    }
    const files = Object.entries(spec.files ?? {});
    const files_ = files.length > 0 ? configStore(config, name, own) : undefined;
    this.configStore = files_;
    const jobName = containerSuffix[name].replaceAll("_", "-");
    const prepare = new Job(
      `${jobName}-prepare`,
      {
        config,
        images,
        service: name,
        ...preparation({
          owner,
          data: stores.map(({ store, jobPath }) => ({ path: jobPath, title: store.title })),
          files: Object.fromEntries(files.map(([file]) => [file, spec.minimumBytes?.[file] ?? 1])),
          ...(catalogue[name].standIn && { writer: usesStandIn(config, name) ? "stand-in" : "real" }),
        }),
        labels: { [label.owner]: `${owner.uid}:${owner.gid}` },
        volumes: [
          ...stores.map(({ store, jobPath }) => mount(store, jobPath)),
          ...(files_ ? [mount(files_, configMount)] : []),
        ],
        ...(files.length > 0 && {
          uploads: files.map(([file, content]) => ({ file: `${configMount}/${file}`, content })),
        }),
      },
      { ...own, dependsOn: [...stores.flatMap(({ store }) => store.resources), ...(files_?.resources ?? [])] },
    );
    const volumes = [
      ...stores.map(({ store, path }) => mount(store, path)),
      ...(files_ ? [mount(files_, configPath, true)] : []),
    ];
    const setup =
      spec.setup &&
      new Job(
        `${jobName}-setup`,
        {
          config,
          images,
          service: name,
          image: name,
          ...spec.setup(Object.fromEntries(stores.map(({ part, store }) => [part, store.title]))),
          run: { user: owner },
          volumes,
          replaceWith: [prepare.container],
        },
        { ...own, dependsOn: [prepare.container] },
      );
    const containersOf = (services: Service[] = []) =>
      services.flatMap(({ container }) => (container ? [container] : []));
    const stopsWith = containersOf(args.stopsWith);
    const before = [prepare.container, ...(setup ? [setup.container] : [])];
    const image = images.get(name);
    const networks = Object.entries({
      ...spec.networks,
      ...(config.egress.includes(name) ? { egress: name } : {}),
    }).map(([network, alias]) => ({ ...args.networks.get(network as NetworkName), alias }));
    const containerName = `${config.prefix}_${containerSuffix[name]}`;
    this.container = new docker.Container(
      name,
      {
        ...confinement(spec.capabilities ?? []),
        ...limits({ ...spec.limits, ...definedOnly(config.resources[name]) }),
        ...egressLimits(config, name),
        name: containerName,
        image: image.ref,
        user: `${owner.uid}:${owner.gid}`,
        ...(spec.entrypoint && { entrypoints: spec.entrypoint }),
        ...(spec.command && { command: spec.command }),
        envs: Object.entries(spec.env ?? {})
          .map(([key, value]) => `${key}=${value}`)
          .toSorted(),
        readOnly: true,
        tmpfs: spec.tmpfs ?? {},
        volumes,
        networksAdvanced: networks.map(({ name, alias }) => ({ name, aliases: [alias] })),
        ports: publishedPorts(config, name),
        healthcheck: healthcheck(spec.health),
        wait: true,
        waitTimeout: waitTimeoutSeconds,
        // Not `unless-stopped`: an engine that was killed stops what it finds running when it starts again, and takes that
        // for the user's wish (tried on Docker 20.10).
        restart: "always",
        ...(spec.stopSignal && { stopSignal: spec.stopSignal }),
        stopTimeout: spec.stopGraceSeconds,
        destroyGraceSeconds: spec.stopGraceSeconds,
        labels: labels(config, name, { [label.role]: "service" }),
      },
      {
        parent: this,
        dependsOn: [
          ...before,
          image.resource,
          ...networks.map(({ resource }) => resource),
          ...containersOf(args.needs),
          ...stopsWith,
        ],
        // Stop, prepare anew, start: what a changed file or owner needs, and nothing else is touched.
        replaceWith: [...before, ...stopsWith],
        deleteBeforeReplace: true,
        replaceOnChanges,
        hooks: watchService(containerName, name, waitTimeoutSeconds, this),
      },
    );
    this.registerOutputs({});
  }
}

const definedOnly = <T extends object>(value: T | undefined): Partial<T> =>
  Object.fromEntries(Object.entries(value ?? {}).filter(([, item]) => item !== undefined)) as Partial<T>;
