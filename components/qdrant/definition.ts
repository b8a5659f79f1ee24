// Qdrant, the vector store. The server fails open: without its configuration file it starts with no key at all. So nothing
// of it runs before the file has been read, and it does not count as healthy before it has refused a request without a key.
import { scriptCommand } from "../../lib/shell.ts";
import { hostAddress } from "../definition/binding.ts";
import { scratch } from "../definition/container.ts";
import { linkTo, onThisMachine } from "../definition/presentation.ts";
import { type SecretText, secretItself, secretText } from "../definition/secret.ts";
import { configPath, type ServiceDefinition } from "../definition/service.ts";
import { type QdrantConfig, qdrantForApps, qdrantKeys } from "./config.ts";
import { qdrantDamage } from "./damage.ts";
import { appKey, keySecret, readOnlyKeySecret, tokenRole } from "./tokens.ts";
import { givingToken, tokensInUse } from "./tokens-task.ts";

const httpPort = 6333;
const grpcPort = 6334;
const configFile = "qdrant.yaml";

/**
 * qdrant.yaml. Keys are quoted: an unquoted one such as 12e5 would be read as a number, and no client could log in.
 * @param tokens whether those of apps count
 */
export function qdrantYaml(
  config: Pick<QdrantConfig, "dashboard">,
  keys: { full: string; readOnly: string },
  { tokens } = { tokens: true },
): string {
  return `${[
    "service:",
    `  api_key: ${JSON.stringify(keys.full)}`,
    `  read_only_api_key: ${JSON.stringify(keys.readOnly)}`,
    `  enable_static_content: ${config.dashboard}`,
    "  enable_cors: false",
    ...(tokens ? ["  jwt_rbac: true"] : []),
    // Otherwise whoever has the key can make the server fetch any address.
    "  enable_snapshot_url_recovery: false",
  ].join("\n")}\n`;
}

const noTokens = { tokens: false };

const configText = (qdrant: QdrantConfig, tokens?: typeof noTokens): SecretText =>
  secretText([keySecret, readOnlyKeySecret], (full, readOnly) => qdrantYaml(qdrant, { full, readOnly }, tokens));

const published = {
  name: "qdrant",
  ports: {
    port: { container: httpPort, host: 6333 },
    grpcPort: { container: grpcPort, host: 6334 },
  },
};

export const qdrant: ServiceDefinition = {
  ...published,
  type: "xnai:index:Qdrant",
  image: {
    hub: "qdrant/qdrant:v1.19.1@sha256:12364fe851b9f17356fc88189fc06d1b521262e04659ec7345975b00c9246a10",
    standIn: true,
  },
  keys: qdrantKeys,
  secrets: { [keySecret]: {}, [readOnlyKeySecret]: {} },
  data: { storage: "/qdrant/storage", snapshots: "/qdrant/snapshots" },
  files: ({ qdrant }) => ({
    [configFile]: { ...configText(qdrant), parts: { restart: configText(qdrant, noTokens) } },
  }),
  // Whether tokens count is in no part of the file: one that was written before apps had any stays until the first has.
  reload: { files: [], command: scriptCommand("bash", import.meta.dirname, "tokens.sh", [`${httpPort}`]) },
  damage: qdrantDamage,
  container: ({ qdrant }) => ({
    // Not through the image's entrypoint.sh, which cuts the server off when it should stop.
    command: scriptCommand("bash", import.meta.dirname, "start.sh", [`${configPath}/${configFile}`]),
    env: {
      QDRANT__TELEMETRY_DISABLED: "true",
      QDRANT__LOG_LEVEL: qdrant.logLevel,
      QDRANT_INIT_FILE_PATH: "/tmp/.qdrant-initialized",
    },
    tmpfs: { "/tmp": scratch(16) },
    networks: { main: "qdrant" },
    health: { test: scriptCommand("bash", import.meta.dirname, "health.sh", [`${httpPort}`]) },
    // It serves clients that keep a connection open until they end.
    stopGraceSeconds: 60,
    limits: { memoryMiB: 1024, cpus: 2 },
  }),
  outputs: (config) => {
    const rest = hostAddress(config, published);
    return [
      { name: "qdrantUrl", title: "REST", value: rest && `http://${rest}` },
      { name: "qdrantGrpcAddress", title: "gRPC", value: hostAddress(config, published, "grpcPort") },
      { name: "qdrantKey", title: "key", value: secretItself(keySecret) },
      { name: "qdrantReadOnlyKey", title: "key for reading only", value: secretItself(readOnlyKeySecret) },
    ];
  },
  tasks: { whenReady: tokensInUse },
  forApps: {
    keys: { qdrant: qdrantForApps.optional() },
    secrets: { [tokenRole]: {} },
    shared: ({ app }) => (app.qdrant ? [] : ["key", "readOnlyKey"]),
    offers: {
      host: "qdrant",
      port: `${httpPort}`,
      grpcPort: `${grpcPort}`,
      url: `http://qdrant:${httpPort}`,
      key: (client) => appKey(client, keySecret),
      readOnlyKey: (client) => appKey(client, readOnlyKeySecret),
    },
    talk: givingToken,
  },
  card: (config) => {
    const rest = hostAddress(config, published);
    return {
      title: "Qdrant",
      what: "Vectors for search. Needs an API key.",
      places: [
        ["Containers", `qdrant:${httpPort}, gRPC qdrant:${grpcPort}`],
        ...onThisMachine(rest && `${rest}, gRPC ${hostAddress(config, published, "grpcPort")}`),
      ],
      links: linkTo("Open the dashboard", rest, "/dashboard", config.qdrant.dashboard),
      ownPages: true,
    };
  },
  catalogueEntry: () => ({
    address: "qdrant",
    port: httpPort,
    check: { http: `http://qdrant:${httpPort}/readyz` },
  }),
};
