// Qdrant, the vector store. The server fails open: without its configuration file it starts with no key at all. So nothing
// of it runs before the file has been read, and it does not count as healthy before it has refused a request without a key.
import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../config/schema.ts";
import { configPath } from "../constants.ts";
import { generatedSecret } from "../engine/secrets.ts";
import { Service, type ServiceArgs, type ServiceSpec } from "../engine/service.ts";

export interface QdrantKeys {
  /** May do everything. */
  full: pulumi.Input<string>;
  readOnly: pulumi.Input<string>;
}

const httpPort = 6333;
const configFile = `${configPath}/qdrant.yaml`;

/** The image's only other shell is dash, which has no /dev/tcp; there is no curl, wget or nc. */
const bash = (script: string) => ["bash", "-c", script];

/** Keys are quoted: an unquoted one such as 12e5 would be read as a number, and no client could log in. */
export function qdrantYaml(config: StackConfig["qdrant"], keys: { full: string; readOnly: string }): string {
  return `${[
    "service:",
    `  api_key: ${JSON.stringify(keys.full)}`,
    `  read_only_api_key: ${JSON.stringify(keys.readOnly)}`,
    `  enable_static_content: ${config.dashboard}`,
    "  enable_cors: false",
    // Otherwise whoever has the key can make the server fetch any address.
    "  enable_snapshot_url_recovery: false",
  ].join("\n")}\n`;
}

/** Ends the container when the file is missing, unreadable or has a key of less than 32 characters. */
const start = `
keyed='api_key: "[A-Za-z0-9]{32,}".*read_only_api_key: "[A-Za-z0-9]{32,}"'
[[ $(< ${configFile}) =~ $keyed ]] || { echo "${configFile} has no usable keys: not started, because Qdrant would let everybody in" >&2; exit 1; }
exec ./qdrant --config-path ${configFile}
`.trim();

/** Ready, and closed: 401 without a key, and 401 with an empty one, which an empty key in the configuration would accept. */
const health = `
ask() {
  exec 3<> /dev/tcp/127.0.0.1/${httpPort} || exit 1
  printf 'GET %s HTTP/1.0\\r\\n%b\\r\\n' "$1" "\${3:+$3:\\r\\n}" >&3
  read -r -t 3 line <&3 || exit 1
  exec 3<&-
  [[ $line == *" $2 "* ]] || { echo "$1 \${3:+with an empty $3 }answers \${line%?}, not $2"; exit 1; }
}
ask /readyz 200
ask /collections 401
ask /collections 401 api-key
`.trim();

/** Qdrant in plain values. Not through the image's entrypoint.sh, which cuts the server off when it should stop. */
export function qdrantSpec(config: StackConfig, keys: QdrantKeys): ServiceSpec {
  return {
    service: "qdrant",
    command: bash(start),
    env: { QDRANT__TELEMETRY_DISABLED: "true", QDRANT_INIT_FILE_PATH: "/tmp/.qdrant-initialized" },
    files: {
      "qdrant.yaml": pulumi.secret(
        pulumi
          .all([keys.full, keys.readOnly])
          .apply(([full, readOnly]) => qdrantYaml(config.qdrant, { full, readOnly })),
      ),
    },
    data: { storage: "/qdrant/storage", snapshots: "/qdrant/snapshots" },
    tmpfs: { "/tmp": "rw,noexec,nosuid,nodev,size=16m,mode=1777" },
    networks: { main: "qdrant" },
    health: { test: bash(health) },
    // It serves clients that keep a connection open until they end.
    stopGraceSeconds: 60,
    limits: { memoryMiB: 1024, cpus: 2 },
  };
}

export class Qdrant extends pulumi.ComponentResource {
  public readonly service: Service;
  public readonly key: pulumi.Output<string>;
  public readonly readOnlyKey: pulumi.Output<string>;

  constructor(name: string, args: ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("xnai:index:Qdrant", name, {}, opts);
    const own = { parent: this };
    this.key = generatedSecret("qdrantKey", args.config, own);
    this.readOnlyKey = generatedSecret("qdrantReadOnlyKey", args.config, own);
    this.service = new Service(
      "qdrant",
      qdrantSpec(args.config, { full: this.key, readOnly: this.readOnlyKey }),
      args,
      own,
    );
    this.registerOutputs({});
  }
}
