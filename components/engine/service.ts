// Service: the only place that creates a container for a service. Around it: volumes for its data and files,
// the tasks that prepare them and set it up, and what waits until it answers. What every container must have comes from
// hardening.ts and cannot be forgotten.
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { limitsKey } from "../config/keys/base.ts";
import type { Health, NetworkName } from "../definition/container.ts";
import { containerName, ownedPlaces, preparedPlaces, readyName } from "../definition/names.ts";
import { configPath } from "../definition/service.ts";
import { defaultPids, publishedPorts } from "./hardening.ts";
import type { JoinedNetwork } from "./networks.ts";
import { Ready } from "./readiness/ready.ts";
import { containerArgs, limitsOf } from "./service-container.ts";
import { named, type ServiceArgs, type ServiceSpec } from "./service-spec.ts";
import { configStore, dataStore, mount, type Store } from "./storage.ts";
import { follows, type Marker } from "./tasks/marker.ts";
import { onceTask } from "./tasks/once.ts";
import { type DataPart, prepareTask, setupTask } from "./tasks/service-tasks.ts";
import type { Task } from "./tasks/task.ts";
import { adviceOnError } from "./update-errors.ts";

/**
 * Fields that the provider forgets to update: a change replaces the container. `#initerror`: a failed create is tried again.
 * `waitTimeout`: see service-container.ts.
 */
const replaceOnChanges = ["#initerror", "healthcheck", "tmpfs", "init", "destroyGraceSeconds", "waitTimeout"];

/** One service, or what runs to its end beside them. */
export class Service extends pulumi.ComponentResource {
  /** Absent when the service is switched off, whose data and secrets stay, and when it runs to its end. */
  readonly container?: docker.Container;
  /** There once it answers, or has run to its end; absent when it is switched off. */
  readonly ready?: Marker;
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
      const prepared = [...data, ...this.#ownedPlaces()];
      const around = { spec, args, data: prepared, configStore: this.configStore, volumes: this.#volumes(data) };
      const prepare = prepareTask(around, { parent: this });
      if (spec.health) {
        const before = spec.setup ? setupTask(spec.setup, prepare, around, { parent: this }) : prepare;
        this.container = this.#container(data, before);
        this.ready = this.#ready(this.container, prepare, spec.health);
      } else {
        const once = { ...around, networks: this.#networks(), prepare };
        this.ready = onceTask(once, { parent: this, dependsOn: this.#awaited() });
      }
    }
    this.registerOutputs({ ports: on ? publishedPorts(config, name) : [] });
  }

  #dataParts(): DataPart[] {
    const { service, data = {} } = this.#spec;
    return Object.entries(data).map(([part, path]) => ({
      part,
      store: dataStore(this.#args.config, service, part, { parent: this }),
      path,
      preparePath: `${preparedPlaces}${part}`,
    }));
  }

  /** Places of the machine that are given to the service's owner, as its data is. */
  #ownedPlaces(): DataPart[] {
    return (this.#spec.mounts ?? []).flatMap(({ host, path, own }, index) => {
      const part = `mount-${index}`;
      const store = { hostPath: host, title: `directory ${host}`, resources: [] };
      return own ? [{ part, store, path, preparePath: `${ownedPlaces}${index}` }] : [];
    });
  }

  /** What the service, and the task that sets it up, mount. */
  #volumes(data: DataPart[]) {
    return [
      ...data.map(({ store, path }) => mount(store, path)),
      ...(this.configStore ? [mount(this.configStore, configPath, true)] : []),
      ...(this.#spec.mounts ?? []).map(({ host, path, readOnly }) => mount({ hostPath: host }, path, readOnly)),
    ];
  }

  /** @param before the last task that comes before it */
  #container(data: DataPart[], before: Task): docker.Container {
    const spec = this.#spec;
    const { config, images, stopsWith = [] } = this.#args;
    const image = images.get(spec.service);
    const networks = this.#networks();
    const others = stopsWith.flatMap(({ container }) => container ?? []);
    const inputs = containerArgs(config, spec, {
      image: image.ref,
      volumes: this.#volumes(data),
      networks,
      follows: follows([before, ...others, ...networks.flatMap(({ marker }) => marker ?? [])]),
    });
    return new docker.Container(spec.service, inputs, {
      parent: this,
      dependsOn: [before, image.resource, ...networks.map(({ resource }) => resource), ...this.#awaited()],
      deleteBeforeReplace: true,
      replaceOnChanges,
      hooks: {
        onError: [adviceOnError(spec.service, limitsOf(config, spec).memoryMiB, limitsKey(config, spec.service), this)],
      },
    });
  }

  /** What has to be there before it starts. */
  #awaited(): pulumi.Resource[] {
    const { stopsWith = [], needs = [] } = this.#args;
    return [
      ...[...stopsWith, ...needs].flatMap(({ ready }) => ready ?? []),
      ...needs.flatMap(({ afterStart = [] }) => afterStart),
    ];
  }

  #ready(container: docker.Container, prepare: Task, health: Health): Ready {
    const spec = this.#spec;
    const { config, engine, hashKey } = this.#args;
    return new Ready(
      readyName(named(spec)),
      {
        engine,
        service: spec.service,
        containerName: containerName(config.prefix, named(spec)),
        container,
        health,
        traits: config.engine,
        limitsKey: limitsKey(config, spec.service),
        pids: limitsOf(config, spec).pids ?? defaultPids,
        damage: spec.damage,
        reload: spec.reload && { ...spec.reload, texts: spec.liveFiles ?? {}, hashKey, prepare },
        whenReady: spec.whenReady,
      },
      { parent: this },
    );
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
