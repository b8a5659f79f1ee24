// The services of this stack.
import type { ProductInput } from "../../settings.ts";
import { mustNotSet, mustSet, yes } from "./demands.ts";

export const stackProducts: ProductInput[] = [
  {
    id: "qdrant",
    title: "Qdrant",
    images: ["qdrant"],
    require: [
      mustSet("QDRANT__TELEMETRY_DISABLED", yes, "posts to telemetry.qdrant.io at start, every hour and as it panics", [
        { flag: "--disable-telemetry" },
        { file: "^\\s*telemetry_disabled:\\s*true\\b" },
      ]),
    ],
    lacks: ["curl", "wget"],
    probe: ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/6333"],
    source: "https://qdrant.tech/documentation/guides/usage-statistics/",
  },
  {
    id: "consul",
    title: "Consul",
    images: ["consul"],
    require: [
      mustSet("CHECKPOINT_DISABLE", ["1", "true"], "asks checkpoint-api.hashicorp.com for new versions", [
        { file: '"?disable_update_check"?\\s*[=:]\\s*true' },
      ]),
    ],
    deny: [mustNotSet(["HCP_CLIENT_ID", "HCP_CLIENT_SECRET"], "connects to the HashiCorp Cloud Platform", [])],
    source:
      "https://developer.hashicorp.com/consul/docs/reference/agent/configuration-file/general#disable_update_check",
  },
  {
    id: "vikunja",
    title: "Vikunja",
    images: ["vikunja"],
    deny: [
      mustNotSet(["VIKUNJA_SENTRY_ENABLED", "VIKUNJA_SENTRY_FRONTENDENABLED"], "sends errors to the vendor's Sentry"),
      mustNotSet(["VIKUNJA_LICENSE_KEY"], "reports its instance id and user count to check.vikunja.io", []),
      mustNotSet(["VIKUNJA_BACKGROUNDS_PROVIDERS_UNSPLASH_ENABLED"], "fetches pictures from Unsplash"),
      mustNotSet(["VIKUNJA_DEFAULTSETTINGS_AVATAR_PROVIDER"], "asks gravatar.com for avatars", ["gravatar"]),
    ],
    lacks: ["curl", "wget", "sh"],
    probe: ["/app/vikunja/vikunja", "healthcheck"],
    source: "https://vikunja.io/docs/config-options/",
  },
  {
    id: "caddy",
    title: "Caddy",
    images: ["caddy"],
    deny: [
      mustNotSet(
        ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"],
        "sends traces and metrics out",
        [],
      ),
    ],
    source: "https://caddyserver.com/docs/automatic-https",
  },
  {
    id: "redis",
    title: "Redis",
    images: ["redis", "valkey"],
    lacks: ["curl", "wget"],
    probe: ["redis-cli", "ping"],
    source: "https://redis.io/docs/",
  },
  {
    id: "postgres",
    title: "PostgreSQL",
    images: ["postgres"],
    lacks: ["curl"],
    probe: ["pg_isready", "-q"],
    source: "https://www.postgresql.org/docs/",
  },
];
