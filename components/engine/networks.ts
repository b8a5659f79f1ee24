// The stack's networks. Nothing reaches outside the host by default: see hardening.ts for the other half (TTL, resolver).
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import { answersBeyondHost, type EngineTraits } from "../../lib/engine/traits.ts";
import { label } from "../../lib/labels.ts";
import type { StackConfig } from "../config/keys/base.ts";
import { networksOfClients } from "../definition/clients.ts";
import type { NetworkName } from "../definition/container.ts";
import { networkNames } from "../definition/names.ts";
import { definitionsOf } from "../services.ts";
import { LiveNetwork } from "./live-network.ts";
import { NetworkWithoutRoute } from "./network-without-route.ts";
import { meaningOfError } from "./update-errors.ts";

/** A bridge that publishes ports must not be internal; without masquerade its containers still have no way out. */
const masquerade = "com.docker.network.bridge.enable_ip_masquerade";

/** What a network is made with; options are plain text. */
type Args = Omit<docker.NetworkArgs, "options"> & { options?: Record<string, string> };

/**
 * A bridge that publishes ports. Without root Podman publishes them by a program beside the network: there it may be internal,
 * and its names stay inside, too. With root see network-without-route.ts.
 */
const mainNetwork = ({ kind, rootless }: EngineTraits): Args =>
  kind === "podman" && rootless ? { internal: true } : { options: { [masquerade]: "false" } };

/** What an engine adds to a network when it reads it back. */
const readBack: Record<EngineTraits["kind"], docker.NetworkArgs> = {
  docker: {},
  podman: { ipamOptions: { driver: "host-local" } },
};

/** Nobody asked for IPv6, and what keeps a container in (hardening.ts) is about IPv4. */
const ipv6 = "com.docker.network.enable_ipv6";

/** What a network is given besides: an engine that adds options to every network reads them back. */
const given = ({ networkOptions }: EngineTraits): Record<string, string> =>
  ipv6 in networkOptions ? { ...networkOptions, [ipv6]: "false" } : networkOptions;

/** A network by its name on the engine, as a plain value, and the resource that a container on it has to wait for. */
export interface JoinedNetwork {
  name: string;
  resource: pulumi.CustomResource;
  /** What a container on it is made anew with. @default Pulumi sees to that by itself */
  marker?: pulumi.CustomResource;
}

/** All networks of a stack. */
export class Networks extends pulumi.ComponentResource {
  readonly #networks: Partial<Record<NetworkName, Omit<JoinedNetwork, "name">>> = {};
  readonly #names: Record<NetworkName, string>;

  /** @param engine that of the Docker provider */
  constructor(name: string, config: StackConfig, engine: Docker, opts?: pulumi.ComponentResourceOptions) {
    super("xnai:index:Networks", name, { prefix: config.prefix }, opts);
    this.#names = networkNames(config.prefix);
    if (answersBeyondHost(config.engine)) this.#add("main", config, mainNetwork(config.engine));
    else this.#addWithoutRoute("main", config, engine);
    this.#add("web", config, { internal: true });
    this.#add("db", config, { internal: true });
    if (config.egress.length > 0) this.#add("egress", config, {});
    for (const network of networksOfClients(config, definitionsOf(config))) this.#addLive(network, config, engine);
    this.registerOutputs({ names: Object.keys(this.#networks).map((network) => this.#names[network as NetworkName]) });
  }

  /** One of the networks. @throws RunError when this stack does not have it */
  get(network: NetworkName): JoinedNetwork {
    const found = this.#networks[network];
    if (!found) throw new pulumi.RunError(`network ${network} does not exist in this stack`);
    return { name: this.#names[network], ...found };
  }

  #add(network: NetworkName, config: StackConfig, { options, ...args }: Args) {
    const all = { ...given(config.engine), ...options };
    const resource = new docker.Network(
      network,
      {
        name: this.#names[network],
        driver: "bridge",
        labels: [{ label: label.stack, value: config.prefix }],
        ...readBack[config.engine.kind],
        ...args,
        ...(Object.keys(all).length > 0 && { options: all }),
      },
      { parent: this, hooks: { onError: [meaningOfError(`network ${network}`, this)] } },
    );
    this.#networks[network] = { resource };
  }

  #addLive(network: NetworkName, { prefix, engine: traits }: StackConfig, engine: Docker) {
    const name = this.#names[network];
    const labels = { [label.stack]: prefix };
    const description = { name, driver: "bridge", internal: true, options: given(traits), labels } as const;
    const marker = new LiveNetwork(network, { description, engine }, { parent: this });
    this.#networks[network] = { resource: marker, marker };
  }

  #addWithoutRoute(network: NetworkName, { prefix }: StackConfig, engine: Docker) {
    const of = { prefix, network: this.#names[network], engine };
    const marker = new NetworkWithoutRoute(network, of, { parent: this });
    this.#networks[network] = { resource: marker, marker };
  }
}
