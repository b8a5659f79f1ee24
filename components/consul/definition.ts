// Consul: one server that elects itself, denies by default, and knows the stack's own services.
import { scriptCommand } from "../../lib/shell.ts";
import { hostAddress } from "../definition/binding.ts";
import { scratch } from "../definition/container.ts";
import { linkTo, onThisMachine } from "../definition/presentation.ts";
import { secretItself, secretText, uuidFrom } from "../definition/secret.ts";
import { configPath, type ServiceDefinition } from "../definition/service.ts";
import { managementSecret, tokenSecrets, tokensOf } from "./acl.ts";
import { aclTask } from "./acl-task.ts";
import { consulConfig, consulSecrets, consulServices, dataPath, httpPort } from "./agent-config.ts";
import { consulKeys } from "./config.ts";
import { consulDamage } from "./damage.ts";
import { storeWarning } from "./store-warning.ts";

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** Consul takes tokens in the form of UUIDs only. */
const token = { format: uuidFrom };

const published = { name: "consul", ports: { port: { container: httpPort, host: 8500 } } };

/** Name and value of every token that Consul has to know, a line each. Not .json, or Consul would read it, too. */
const tokensFile = "tokens";

/** Elected, which a client's request would have to wait for. */
const leader = `wget -q -O - http://127.0.0.1:${httpPort}/v1/status/leader | grep -q :`;

export const consul: ServiceDefinition = {
  ...published,
  type: "xnai:index:Consul",
  image: {
    hub: "hashicorp/consul:1.15.4@sha256:3687a77458411c20dc099c5b955d221669b0b7c2fc8c8a2673eca4047df2c3cd",
  },
  keys: consulKeys,
  noEgress: "consul works on one network only and needs none outside",
  secrets: {
    [managementSecret]: token,
    // 32 characters are 32 bytes: AES-256.
    consulGossipKey: { format: (key) => Buffer.from(key).toString("base64") },
    ...Object.fromEntries(Object.values(tokenSecrets).map((name) => [name, token])),
  },
  data: { data: dataPath },
  files: (config, services) => ({
    "consul.json": json(consulConfig(config)),
    "services.json": json(consulServices(config, services)),
    "secrets.json": secretText([managementSecret, "consulGossipKey"], (management, gossipKey) =>
      json(consulSecrets({ management, gossipKey })),
    ),
    [tokensFile]: secretText([managementSecret, ...Object.values(tokensOf(config))], (...tokens) =>
      ["management", ...Object.keys(tokensOf(config))].map((name, index) => `${name} ${tokens[index]}\n`).join(""),
    ),
  }),
  damage: consulDamage,
  // Only the warning's script reads it.
  reload: { files: [tokensFile], command: ["true"] },
  warning: {
    command: scriptCommand("sh", import.meta.dirname, "tokens.sh", [`${configPath}/${tokensFile}`, `${httpPort}`]),
    read: storeWarning,
  },
  container: () => ({
    // The image's entrypoint adds the directories; without the switch below it would try to change owners.
    command: ["agent", `-config-dir=${configPath}`],
    env: { CHECKPOINT_DISABLE: "1", CONSUL_DISABLE_PERM_MGMT: "1" },
    // Snapshots are put together here.
    tmpfs: { "/tmp": scratch(64) },
    networks: { main: "consul" },
    health: { test: ["sh", "-c", leader] },
    stopGraceSeconds: 30,
    limits: { memoryMiB: 256, cpus: 1 },
  }),
  tasks: { afterStart: [aclTask] },
  outputs: (config) => {
    const http = hostAddress(config, published);
    return [
      { name: "consulUrl", title: "UI and API", value: http && `http://${http}` },
      { name: "consulViewerToken", title: "token for the UI", value: secretItself("consulViewerToken") },
      {
        name: "consulRegistrarToken",
        title: "token to register services",
        value: secretItself("consulRegistrarToken"),
      },
      { name: "consulAgentToken", title: "token for other agents", value: secretItself("consulAgentToken") },
      { name: "consulGossipKey", title: "gossip key", value: secretItself("consulGossipKey") },
      {
        name: "consulManagementToken",
        title: "token that may do everything",
        value: secretItself("consulManagementToken"),
      },
    ];
  },
  forApps: {
    secrets: { token },
    offers: {
      host: "consul",
      port: `${httpPort}`,
      url: `http://consul:${httpPort}`,
      token: ({ secret }) => secretItself(secret("token")),
    },
  },
  card: (config) => {
    const http = hostAddress(config, published);
    return {
      title: "Consul",
      what: "Who runs where, and how they are. Shows nothing without a token.",
      places: [["Containers", `consul:${httpPort}`], ...onThisMachine(http)],
      links: linkTo("Open Consul", http, "/ui/", config.consul.ui),
      ownPages: true,
    };
  },
};
