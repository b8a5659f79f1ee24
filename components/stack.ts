// Who talks to whom: the services of one stack, wired together.
import * as pulumi from "@pulumi/pulumi";
import { addresses } from "./addresses.ts";
import { Caddy } from "./caddy/definition.ts";
import type { StackConfig } from "./config/schema.ts";
import { Consul } from "./consul/definition.ts";
import { Images } from "./engine/image-resources.ts";
import { Networks } from "./engine/networks.ts";
import { Postgres } from "./postgres/definition.ts";
import { Qdrant } from "./qdrant/definition.ts";
import { Redis } from "./redis/definition.ts";
import { Vikunja } from "./vikunja/definition.ts";

export class Stack extends pulumi.ComponentResource {
  /** What `pulumi stack output` shows. */
  public readonly outputs: Record<string, pulumi.Input<unknown>>;

  constructor(name: string, config: StackConfig, opts?: pulumi.ComponentResourceOptions) {
    super("xnai:index:Stack", name, {}, opts);
    const own = { parent: this };
    const images = new Images("images", config, own);
    const networks = new Networks("networks", config, own);
    const args = { config, images, networks };
    const redis = new Redis("redis", args, own);
    new Caddy("caddy", args, own);
    const consul = new Consul("consul", args, own);
    const postgres = new Postgres("postgres", args, own);
    const vikunja = new Vikunja(
      "vikunja",
      { ...args, stopsWith: [postgres.service], databasePassword: postgres.vikunjaPassword },
      own,
    );
    const qdrant = new Qdrant("qdrant", args, own);
    this.outputs = {
      ...addresses(config),
      redisPassword: redis.password,
      consulManagementToken: consul.managementToken,
      consulGossipKey: consul.gossipKey,
      consulAgentToken: consul.tokens.agent,
      consulRegistrarToken: consul.tokens.registrar,
      consulViewerToken: consul.tokens.viewer,
      vikunjaUser: config.vikunja.user.name,
      vikunjaEmail: config.vikunja.user.email,
      vikunjaPassword: vikunja.userPassword,
      postgresPassword: postgres.superuserPassword,
      qdrantKey: qdrant.key,
      qdrantReadOnlyKey: qdrant.readOnlyKey,
    };
    this.registerOutputs({});
  }
}
