// Consul: one server that elects itself, denies by default, and knows the stack's own services.
import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../config/schema.ts";
import { ownerOf } from "../config/schema.ts";
import { configPath } from "../constants.ts";
import { Job } from "../engine/job.ts";
import { generatedSecret, uuidFrom } from "../engine/secrets.ts";
import { Service, type ServiceArgs, type ServiceSpec } from "../engine/service.ts";
import { mount } from "../engine/storage.ts";
import { aclSync, managementHeader, policyFiles, type TokenName, tokenFile, tokenNames } from "./acl.ts";
import { consulConfig, consulSecrets, consulServices, dataPath, httpPort } from "./agent.ts";

/** Consul's secrets as Consul wants them: UUIDs, and 32 bytes in base64. */
export interface ConsulSecrets {
  management: pulumi.Input<string>;
  gossipKey: pulumi.Input<string>;
  tokens: Record<TokenName, pulumi.Input<string>>;
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** Consul in plain values. The files below `acl/` are for the Job; Consul reads only the top of the directory. */
export function consulSpec(config: StackConfig, secrets: ConsulSecrets): ServiceSpec {
  const { management, gossipKey, tokens } = secrets;
  const leader = `wget -q -O - http://127.0.0.1:${httpPort}/v1/status/leader | grep -q :`;
  return {
    service: "consul",
    // The image's entrypoint adds the directories; without the switch below it would try to change owners.
    command: ["agent", `-config-dir=${configPath}`],
    env: { CHECKPOINT_DISABLE: "1", CONSUL_DISABLE_PERM_MGMT: "1" },
    files: {
      "consul.json": json(consulConfig(config)),
      "services.json": json(consulServices(config)),
      "secrets.json": secret([management, gossipKey], (management, gossipKey) =>
        json(consulSecrets({ management, gossipKey })),
      ),
      ...policyFiles(config),
      "acl/management.header": secret([management], managementHeader),
      ...Object.fromEntries(
        tokenNames.map((name) => [
          `acl/token.${name}.json`,
          secret([tokens[name]], (token) => tokenFile(config, name, token)),
        ]),
      ),
    },
    data: { data: dataPath },
    // Snapshots are put together here.
    tmpfs: { "/tmp": "rw,noexec,nosuid,nodev,size=64m,mode=1777" },
    networks: { main: "consul" },
    health: { test: ["sh", "-c", leader] },
    stopGraceSeconds: 30,
    limits: { memoryMiB: 256, cpus: 1 },
  };
}

const secret = (values: pulumi.Input<string>[], render: (...values: string[]) => string) =>
  pulumi.secret(pulumi.all(values).apply((all) => render(...all)));

export class Consul extends pulumi.ComponentResource {
  public readonly service: Service;
  /** May do everything. */
  public readonly managementToken: pulumi.Output<string>;
  public readonly gossipKey: pulumi.Output<string>;
  public readonly tokens: Record<TokenName, pulumi.Output<string>>;

  constructor(name: string, args: ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("xnai:index:Consul", name, {}, opts);
    const { config, images, networks } = args;
    const own = { parent: this };
    const token = (secretName: Parameters<typeof generatedSecret>[0]) =>
      generatedSecret(secretName, config, own).apply(uuidFrom);
    this.managementToken = token("consulManagementToken");
    // 32 characters are 32 bytes: AES-256.
    this.gossipKey = generatedSecret("consulGossipKey", config, own).apply((key) =>
      Buffer.from(key).toString("base64"),
    );
    this.tokens = {
      agent: token("consulAgentToken"),
      registrar: token("consulRegistrarToken"),
      viewer: token("consulViewerToken"),
    };
    const secrets = { management: this.managementToken, gossipKey: this.gossipKey, tokens: this.tokens };
    this.service = new Service("consul", consulSpec(config, secrets), args, own);
    const { container, configStore } = this.service;
    if (container && configStore)
      new Job(
        "consul-acl",
        {
          config,
          images,
          service: "consul",
          ...aclSync,
          run: { user: ownerOf(config, "consul"), network: networks.get("main") },
          volumes: [mount(configStore, configPath, true)],
          tmpfs: { "/tmp": "rw,noexec,nosuid,nodev,size=1m,mode=1777" },
          replaceWith: [container],
        },
        { ...own, dependsOn: [container] },
      );
    this.registerOutputs({});
  }
}
