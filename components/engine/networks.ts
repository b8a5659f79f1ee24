// The stack's networks. Nothing reaches outside the host by default: see hardening.ts for the other half (TTL, resolver).
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { label } from "../../lib/labels.ts";
import type { StackConfig } from "../config/schema.ts";
import { type NetworkName, networkNames } from "./network-names.ts";

/** A bridge that publishes ports needs to be non-internal; without masquerade its containers have no way back from outside. */
const masquerade = "com.docker.network.bridge.enable_ip_masquerade";

export class Networks extends pulumi.ComponentResource {
  readonly #networks: Partial<Record<NetworkName, docker.Network>> = {};
  readonly #names: Record<NetworkName, string>;

  constructor(name: string, config: StackConfig, opts?: pulumi.ComponentResourceOptions) {
    super("xnai:index:Networks", name, {}, opts);
    this.#names = networkNames(config.prefix);
    this.#add("main", config, { options: { [masquerade]: "false" } });
    this.#add("web", config, { internal: true });
    this.#add("db", config, { internal: true });
    if (config.egress.length > 0) this.#add("egress", config, {});
    this.registerOutputs({});
  }

  /** The network's name as a plain value, and the resource that a container on it has to wait for. */
  get(network: NetworkName): { name: string; resource: docker.Network } {
    const resource = this.#networks[network];
    if (!resource) throw new pulumi.RunError(`network ${network} does not exist in this stack`);
    return { name: this.#names[network], resource };
  }

  #add(network: NetworkName, config: StackConfig, args: docker.NetworkArgs) {
    this.#networks[network] = new docker.Network(
      network,
      { name: this.#names[network], driver: "bridge", labels: [{ label: label.stack, value: config.prefix }], ...args },
      { parent: this },
    );
  }
}
