// A stack: its images and networks, and each of its services.
import { hostname } from "node:os";
import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "./config/keys/base.ts";
import type { ServiceDefinition } from "./definition/service.ts";
import { sitePlace, sitesOf } from "./definition/sites.ts";
import { connection } from "./engine/api/connection.ts";
import { DefinedService } from "./engine/defined-service.ts";
import { Networks } from "./engine/networks.ts";
import { Images } from "./engine/remote-images.ts";
import { Secrets } from "./engine/secrets.ts";
import type { NeededService } from "./engine/service-spec.ts";
import { Sites } from "./engine/sites/sites.ts";
import { stateId } from "./engine/tasks/state-id.ts";
import { outputsOf } from "./outputs.ts";
import { definitionsOf } from "./services.ts";

/** Everything that one `Pulumi.<stack>.yaml` describes. */
export class Stack extends pulumi.ComponentResource {
  /** What `pulumi stack output` shows. */
  readonly outputs: Record<string, pulumi.Input<unknown>>;

  /** @param config parsed and checked (config/parse.ts) */
  constructor(name: string, config: StackConfig, opts?: pulumi.ComponentResourceOptions) {
    super("xnai:index:Stack", name, { prefix: config.prefix }, opts);
    const parent = { parent: this };
    const images = new Images("images", config, parent);
    const secrets = new Secrets(config, parent);
    const engine = connection();
    const networks = new Networks("networks", config, engine, parent);
    const state = stateId(stateLocation());
    const others = new Map<string, NeededService>();
    for (const definition of inStartOrder(definitionsOf(config))) {
      const { needed } = new DefinedService(
        definition,
        { config, images, networks, secrets, engine, state, others },
        parent,
      );
      others.set(definition.name, needed);
    }
    const { container, ready } = others.get(sitePlace.service) ?? {};
    if (container && ready && sitesOf(config).length > 0)
      new Sites({ config, images, engine, state, container, ready }, parent);
    this.outputs = Object.fromEntries(
      outputsOf(config).map(({ name, value }) => [name, value && secrets.render(value)]),
    );
    this.registerOutputs(this.outputs);
  }
}

/** Where this stack's state is, as the Pulumi CLI tells the program. */
const stateLocation = () => ({
  backend: process.env.PULUMI_BACKEND_URL ?? `file://${process.cwd()}`,
  stack: pulumi.getStack(),
  hostname: hostname(),
});

/** Each service behind those that it stops with or needs; otherwise in the order given. */
export function inStartOrder(services: readonly ServiceDefinition[]): ServiceDefinition[] {
  const ordered = new Set<ServiceDefinition>();
  const add = (service: ServiceDefinition) => {
    for (const name of [...Object.keys(service.stopsWith ?? {}), ...(service.needs ?? [])]) {
      const other = services.find((each) => each.name === name);
      if (other) add(other);
    }
    ordered.add(service);
  };
  for (const service of services) add(service);
  return [...ordered];
}
