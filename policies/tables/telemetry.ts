// Which products call home, and the settings that stop them. One entry a product; users add theirs in the
// configuration (`settings.products`). A product without `require` and `deny` is known to send nothing by itself.
import { type Product, type ProductInput, product } from "../settings.ts";

type DemandInput = NonNullable<ProductInput["require"]>[number];

const yes = ["true", "1", "yes", "on"];
const no = ["false", "0", "no", "off"];

/** One environment variable that must have one of `values`. */
function env(name: string, values: string[], what: string, more: DemandInput["anyOf"] = []): DemandInput {
  return { what, anyOf: [{ env: name, values }, ...more], write: `${name}=${values[0]}` };
}

/** Environment variables that may not have one of `values`; without values, that may not be there at all. */
function notOn(names: string[], what: string, values = yes): DemandInput {
  return { what, anyOf: names.map((name) => ({ env: name, values })) };
}

const usage = "sends usage statistics";

/** The services of this stack, as facts/services.md and the vendors' sources have them. */
const stack: ProductInput[] = [
  {
    id: "qdrant",
    title: "Qdrant",
    images: ["qdrant"],
    require: [
      env("QDRANT__TELEMETRY_DISABLED", yes, "posts to telemetry.qdrant.io at start, every hour and as it panics", [
        { flag: "--disable-telemetry" },
        { file: "^\\s*telemetry_disabled:\\s*true\\b" },
      ]),
    ],
    lacks: ["curl", "wget"],
    source: "https://qdrant.tech/documentation/guides/usage-statistics/",
  },
  {
    id: "consul",
    title: "Consul",
    images: ["consul"],
    require: [
      env("CHECKPOINT_DISABLE", ["1", "true"], "asks checkpoint-api.hashicorp.com for new versions", [
        { file: '"?disable_update_check"?\\s*[=:]\\s*true' },
      ]),
    ],
    deny: [notOn(["HCP_CLIENT_ID", "HCP_CLIENT_SECRET"], "connects to the HashiCorp Cloud Platform", [])],
    source:
      "https://developer.hashicorp.com/consul/docs/reference/agent/configuration-file/general#disable_update_check",
  },
  {
    id: "vikunja",
    title: "Vikunja",
    images: ["vikunja"],
    deny: [
      notOn(["VIKUNJA_SENTRY_ENABLED", "VIKUNJA_SENTRY_FRONTENDENABLED"], "sends errors to the vendor's Sentry"),
      notOn(["VIKUNJA_LICENSE_KEY"], "reports its instance id and user count to check.vikunja.io", []),
      notOn(["VIKUNJA_BACKGROUNDS_PROVIDERS_UNSPLASH_ENABLED"], "fetches pictures from Unsplash"),
      notOn(["VIKUNJA_DEFAULTSETTINGS_AVATAR_PROVIDER"], "asks gravatar.com for avatars", ["gravatar"]),
    ],
    lacks: ["curl", "wget", "sh"],
    source: "https://vikunja.io/docs/config-options/",
  },
  {
    id: "caddy",
    title: "Caddy",
    images: ["caddy"],
    deny: [
      notOn(["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"], "sends traces and metrics out", []),
    ],
    source: "https://caddyserver.com/docs/automatic-https",
  },
  {
    id: "redis",
    title: "Redis",
    images: ["redis", "valkey"],
    lacks: ["curl", "wget"],
    source: "https://redis.io/docs/",
  },
  {
    id: "postgres",
    title: "PostgreSQL",
    images: ["postgres"],
    lacks: ["curl"],
    source: "https://www.postgresql.org/docs/",
  },
];

/** Libraries inside images of any name: what they send is switched on by a setting, and then denied everywhere. */
const libraries: ProductInput[] = [
  {
    id: "langchain",
    title: "LangChain and LangSmith",
    everywhere: true,
    deny: [
      notOn(
        ["LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2", "LANGCHAIN_TRACING"],
        "sends every prompt and answer to LangSmith",
      ),
    ],
    source: "https://docs.langchain.com/langsmith/env-var",
  },
  {
    id: "opentelemetry",
    title: "OpenTelemetry exporters",
    everywhere: true,
    deny: [
      notOn(
        ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_*_ENDPOINT", "OTEL_EXPORTER_ZIPKIN_ENDPOINT"],
        "sends traces, metrics or logs out",
        [],
      ),
    ],
    source: "https://opentelemetry.io/docs/specs/otel/protocol/exporter/",
  },
  {
    id: "sentry",
    title: "Sentry",
    everywhere: true,
    deny: [notOn(["SENTRY_DSN", "*_SENTRY_DSN"], "sends errors, with the data that caused them, to Sentry", [])],
    source: "https://docs.sentry.io/platforms/python/configuration/options/#dsn",
  },
  {
    id: "posthog",
    title: "PostHog",
    everywhere: true,
    deny: [
      notOn(["POSTHOG_API_KEY", "POSTHOG_KEY", "*_POSTHOG_KEY", "*_POSTHOG_API_KEY"], "sends events to PostHog", []),
    ],
    source: "https://posthog.com/docs/libraries",
  },
  {
    id: "cloud-apm",
    title: "Datadog, New Relic, Elastic APM",
    everywhere: true,
    deny: [
      notOn(
        ["DD_API_KEY", "NEW_RELIC_LICENSE_KEY", "ELASTIC_APM_SERVER_URL"],
        "sends measurements to a monitoring service",
        [],
      ),
    ],
    source: "https://docs.datadoghq.com/agent/guide/environment-variables/",
  },
  {
    id: "telemetry-flags",
    title: "Switches named *_TELEMETRY_*",
    everywhere: true,
    deny: [
      notOn(
        ["*TELEMETRY_ENABLED", "*TELEMETRY_OPTIN", "*ENABLE_TELEMETRY", "ANONYMIZED_TELEMETRY", "TELEMETRY"],
        "switches telemetry on",
      ),
      notOn(
        ["*TELEMETRY_DISABLED", "*TELEMETRY_OPTOUT", "*NO_TELEMETRY", "*DISABLE_TELEMETRY", "DO_NOT_TRACK"],
        "leaves telemetry on",
        no,
      ),
    ],
    source: "https://consoledonottrack.com/",
  },
];

/** Products that people put beside such a stack. */
const others: ProductInput[] = [
  {
    id: "chainlit",
    title: "Chainlit",
    images: ["*chainlit*"],
    require: [
      env(
        "OTEL_SDK_DISABLED",
        yes,
        "sends traces to api.uptrace.dev up to 2.0 (CHAINLIT_NO_TELEMETRY is read by no version)",
        [{ file: "^\\s*enable_telemetry\\s*=\\s*false\\b" }],
      ),
    ],
    source: "https://github.com/Chainlit/chainlit (chainlit/telemetry.py of 1.x and 2.0)",
  },
  {
    id: "crawl4ai",
    title: "Crawl4AI",
    images: ["*crawl4ai*"],
    require: [
      env("CRAWL4AI_TELEMETRY", ["0"], "sends crashes to the vendor in versions that have its telemetry module"),
    ],
    source: "https://github.com/unclecode/crawl4ai (crawl4ai/telemetry)",
  },
  {
    id: "mkdocs-material",
    title: "Material for MkDocs",
    images: ["mkdocs-material"],
    deny: [
      {
        what: "reports every reader to Google",
        anyOf: [{ file: "^\\s*provider:\\s*google\\b" }],
        write: "remove extra.analytics from mkdocs.yml",
      },
    ],
    source: "https://squidfunk.github.io/mkdocs-material/setup/setting-up-site-analytics/",
  },
  {
    id: "huggingface",
    title: "Hugging Face (hub, text-generation-inference, text-embeddings-inference)",
    images: ["text-generation-inference", "text-embeddings-inference", "*huggingface*", "*transformers*"],
    require: [
      env("HF_HUB_DISABLE_TELEMETRY", yes, "reports libraries and models used", [
        { env: "DO_NOT_TRACK", values: yes },
        { env: "HF_HUB_OFFLINE", values: yes },
      ]),
    ],
    source: "https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables",
  },
  {
    id: "scarf",
    title: "Scarf (Unstructured, Superset and others)",
    images: ["unstructured*", "superset"],
    require: [
      env("SCARF_ANALYTICS", no, usage, [
        { env: "SCARF_NO_ANALYTICS", values: yes },
        { env: "DO_NOT_TRACK", values: yes },
      ]),
    ],
    source: "https://docs.scarf.sh/package-analytics/",
  },
  {
    id: "airflow",
    title: "Apache Airflow",
    images: ["airflow"],
    require: [env("AIRFLOW__USAGE_DATA_COLLECTION__ENABLED", no, usage, [{ env: "SCARF_ANALYTICS", values: no }])],
    source: "https://airflow.apache.org/docs/apache-airflow/stable/faq.html",
  },
  {
    id: "grafana",
    title: "Grafana",
    images: ["grafana", "grafana-oss", "grafana-enterprise"],
    require: [
      env("GF_ANALYTICS_REPORTING_ENABLED", no, usage, [{ file: "^\\s*reporting_enabled\\s*=\\s*false" }]),
      env("GF_ANALYTICS_CHECK_FOR_UPDATES", no, "asks grafana.com for new versions", [
        { file: "^\\s*check_for_updates\\s*=\\s*false" },
      ]),
      env("GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES", no, "asks grafana.com for new plugins", [
        { file: "^\\s*check_for_plugin_updates\\s*=\\s*false" },
      ]),
    ],
    source: "https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/#analytics",
  },
  {
    id: "loki",
    title: "Grafana Loki, Tempo, Mimir",
    images: ["loki", "tempo", "mimir"],
    require: [
      {
        what: usage,
        anyOf: [
          { flag: "-reporting.enabled=false" },
          { flag: "-usage-stats.enabled=false" },
          { file: "^\\s*reporting_enabled:\\s*false" },
        ],
        write: "-reporting.enabled=false on its command line (Mimir: -usage-stats.enabled=false)",
      },
    ],
    source: "https://grafana.com/docs/loki/latest/configure/#analytics",
  },
  {
    id: "n8n",
    title: "n8n",
    images: ["n8n"],
    require: [
      env("N8N_DIAGNOSTICS_ENABLED", no, usage),
      env("N8N_VERSION_NOTIFICATIONS_ENABLED", no, "asks api.n8n.io for new versions"),
      env("N8N_TEMPLATES_ENABLED", no, "fetches templates from api.n8n.io"),
    ],
    source: "https://docs.n8n.io/hosting/configuration/configuration-examples/isolation/",
  },
  {
    id: "nextjs",
    title: "Next.js",
    images: ["*nextjs*"],
    require: [env("NEXT_TELEMETRY_DISABLED", yes, usage)],
    source: "https://nextjs.org/telemetry",
  },
  {
    id: "dotnet",
    title: ".NET",
    images: ["dotnet/sdk"],
    require: [env("DOTNET_CLI_TELEMETRY_OPTOUT", yes, usage)],
    source: "https://learn.microsoft.com/dotnet/core/tools/telemetry",
  },
  {
    id: "gatsby",
    title: "Gatsby",
    images: ["*gatsby*"],
    require: [env("GATSBY_TELEMETRY_DISABLED", yes, usage)],
    source: "https://www.gatsbyjs.com/docs/telemetry/",
  },
  {
    id: "gradio",
    title: "Gradio",
    images: ["*gradio*"],
    require: [env("GRADIO_ANALYTICS_ENABLED", no, usage)],
    source: "https://www.gradio.app/guides/environment-variables",
  },
  {
    id: "streamlit",
    title: "Streamlit",
    images: ["*streamlit*"],
    require: [
      env("STREAMLIT_BROWSER_GATHER_USAGE_STATS", no, usage, [
        { flag: "--browser.gatherUsageStats=false" },
        { file: "^\\s*gatherUsageStats\\s*=\\s*false" },
      ]),
    ],
    source: "https://docs.streamlit.io/develop/api-reference/configuration/config.toml",
  },
  {
    id: "chroma",
    title: "Chroma",
    images: ["chroma"],
    require: [env("ANONYMIZED_TELEMETRY", no, usage)],
    source: "https://docs.trychroma.com/docs/overview/telemetry",
  },
  {
    id: "weaviate",
    title: "Weaviate",
    images: ["weaviate"],
    require: [env("DISABLE_TELEMETRY", yes, usage)],
    source: "https://docs.weaviate.io/deploy/configuration/telemetry",
  },
  {
    id: "meilisearch",
    title: "Meilisearch",
    images: ["meilisearch"],
    require: [env("MEILI_NO_ANALYTICS", yes, usage, [{ flag: "--no-analytics" }])],
    source: "https://www.meilisearch.com/docs/learn/resources/telemetry",
  },
  {
    id: "open-webui",
    title: "Open WebUI",
    images: ["open-webui"],
    deny: [notOn(["ANONYMIZED_TELEMETRY"], usage)],
    source: "https://docs.openwebui.com/reference/env-configuration/",
  },
  {
    id: "vllm",
    title: "vLLM",
    images: ["vllm-openai", "vllm"],
    require: [
      env("VLLM_NO_USAGE_STATS", yes, usage, [
        { env: "DO_NOT_TRACK", values: yes },
        { env: "VLLM_DO_NOT_TRACK", values: yes },
      ]),
    ],
    source: "https://docs.vllm.ai/en/latest/usage/usage_stats/",
  },
  {
    id: "ollama",
    title: "Ollama",
    images: ["ollama"],
    source: "https://github.com/ollama/ollama/blob/main/docs/faq.md",
  },
  {
    id: "mlflow",
    title: "MLflow",
    images: ["mlflow"],
    require: [env("MLFLOW_DISABLE_TELEMETRY", yes, usage, [{ env: "DO_NOT_TRACK", values: yes }])],
    source: "https://mlflow.org/docs/latest/community/usage-tracking/",
  },
  {
    id: "langfuse",
    title: "Langfuse",
    images: ["langfuse", "langfuse-worker"],
    require: [env("TELEMETRY_ENABLED", no, usage)],
    source: "https://langfuse.com/self-hosting/security/telemetry",
  },
  {
    id: "flowise",
    title: "Flowise",
    images: ["flowise"],
    require: [env("DISABLE_FLOWISE_TELEMETRY", yes, usage)],
    source: "https://docs.flowiseai.com/configuration/environment-variables",
  },
  {
    id: "anythingllm",
    title: "AnythingLLM",
    images: ["anythingllm"],
    require: [env("DISABLE_TELEMETRY", yes, usage)],
    source: "https://github.com/Mintplex-Labs/anything-llm#telemetry--privacy",
  },
  {
    id: "prefect",
    title: "Prefect",
    images: ["prefect"],
    require: [env("PREFECT_SERVER_ANALYTICS_ENABLED", no, usage, [{ env: "DO_NOT_TRACK", values: yes }])],
    source: "https://docs.prefect.io/v3/concepts/telemetry",
  },
  {
    id: "metabase",
    title: "Metabase",
    images: ["metabase"],
    require: [env("MB_ANON_TRACKING_ENABLED", no, usage), env("MB_CHECK_FOR_UPDATES", no, "asks for new versions")],
    source: "https://www.metabase.com/docs/latest/configuring-metabase/environment-variables",
  },
  {
    id: "directus",
    title: "Directus",
    images: ["directus"],
    require: [env("TELEMETRY", no, usage)],
    source: "https://directus.io/docs/configuration/telemetry",
  },
  {
    id: "strapi",
    title: "Strapi",
    images: ["strapi"],
    require: [env("STRAPI_TELEMETRY_DISABLED", yes, usage)],
    source: "https://docs.strapi.io/cms/usage-information",
  },
  {
    id: "hasura",
    title: "Hasura",
    images: ["graphql-engine"],
    require: [env("HASURA_GRAPHQL_ENABLE_TELEMETRY", no, usage)],
    source: "https://hasura.io/docs/2.0/policies/telemetry/",
  },
  {
    id: "nocodb",
    title: "NocoDB",
    images: ["nocodb"],
    require: [env("NC_DISABLE_TELE", yes, usage)],
    source: "https://nocodb.com/docs/self-hosting/environment-variables",
  },
  {
    id: "influxdb",
    title: "InfluxDB",
    images: ["influxdb"],
    require: [env("INFLUXD_REPORTING_DISABLED", yes, usage, [{ flag: "--reporting-disabled" }])],
    source: "https://docs.influxdata.com/influxdb/v2/reference/config-options/#reporting-disabled",
  },
  {
    id: "cockroachdb",
    title: "CockroachDB",
    images: ["cockroach"],
    require: [env("COCKROACH_SKIP_ENABLING_DIAGNOSTIC_REPORTING", yes, usage)],
    source: "https://www.cockroachlabs.com/docs/stable/telemetry",
  },
  {
    id: "timescaledb",
    title: "TimescaleDB",
    images: ["timescaledb", "timescaledb-ha"],
    require: [env("TIMESCALEDB_TELEMETRY", ["off"], usage, [{ flag: "timescaledb.telemetry_level=off" }])],
    source: "https://docs.timescale.com/self-hosted/latest/configuration/telemetry/",
  },
  {
    id: "traefik",
    title: "Traefik",
    images: ["traefik"],
    require: [
      env("TRAEFIK_GLOBAL_CHECKNEWVERSION", no, "asks update.traefik.io for new versions", [
        { flag: "--global.checknewversion=false" },
        { flag: "--global.checkNewVersion=false" },
        { file: "^\\s*checkNewVersion[:=]\\s*false" },
      ]),
    ],
    deny: [
      {
        what: usage,
        anyOf: [
          { env: "TRAEFIK_GLOBAL_SENDANONYMOUSUSAGE", values: yes },
          { flag: "--global.sendanonymoususage" },
          { flag: "--global.sendAnonymousUsage" },
        ],
        write: "--global.sendanonymoususage=false",
      },
    ],
    source: "https://doc.traefik.io/traefik/contributing/data-collection/",
  },
  {
    id: "netdata",
    title: "Netdata",
    images: ["netdata"],
    require: [env("DISABLE_TELEMETRY", yes, usage, [{ env: "DO_NOT_TRACK", values: yes }])],
    source: "https://learn.netdata.cloud/docs/netdata-agent/configuration/anonymous-telemetry-events",
  },
  {
    id: "mattermost",
    title: "Mattermost",
    images: ["mattermost-team-edition", "mattermost-enterprise-edition"],
    require: [env("MM_LOGSETTINGS_ENABLEDIAGNOSTICS", no, usage)],
    source: "https://docs.mattermost.com/manage/telemetry.html",
  },
  {
    id: "infisical",
    title: "Infisical",
    images: ["infisical"],
    require: [env("TELEMETRY_ENABLED", no, usage)],
    source: "https://infisical.com/docs/self-hosting/configuration/envars",
  },
  {
    id: "appsmith",
    title: "Appsmith",
    images: ["appsmith-ce", "appsmith-ee"],
    require: [env("APPSMITH_DISABLE_TELEMETRY", yes, usage)],
    source: "https://docs.appsmith.com/product/telemetry",
  },
  {
    id: "nomad-vault",
    title: "Nomad",
    images: ["nomad"],
    require: [
      env("CHECKPOINT_DISABLE", yes, "asks checkpoint-api.hashicorp.com for new versions", [
        { file: '"?disable_update_check"?\\s*[=:]\\s*true' },
      ]),
    ],
    source: "https://developer.hashicorp.com/nomad/docs/configuration#disable_update_check",
  },
  {
    id: "kibana",
    title: "Kibana",
    images: ["kibana"],
    require: [env("TELEMETRY_OPTIN", no, usage, [{ env: "TELEMETRY_ENABLED", values: no }])],
    source: "https://www.elastic.co/docs/reference/kibana/configuration-reference/telemetry-settings",
  },
  {
    id: "pgadmin",
    title: "pgAdmin",
    images: ["pgadmin4"],
    require: [env("PGADMIN_CONFIG_UPGRADE_CHECK_ENABLED", ["False"], "asks pgadmin.org for new versions")],
    source: "https://www.pgadmin.org/docs/pgadmin4/latest/container_deployment.html",
  },
  {
    id: "umami",
    title: "Umami",
    images: ["umami"],
    require: [env("DISABLE_TELEMETRY", yes, usage)],
    source: "https://umami.is/docs/environment-variables",
  },
  {
    id: "dozzle",
    title: "Dozzle",
    images: ["dozzle"],
    require: [env("DOZZLE_NO_ANALYTICS", yes, usage, [{ flag: "--no-analytics" }])],
    source: "https://dozzle.dev/guide/analytics",
  },
];

/** Databases, tools and base images that send nothing by themselves. */
const silent: ProductInput[] = [
  { id: "mysql", title: "MySQL", images: ["mysql"] },
  { id: "mariadb", title: "MariaDB", images: ["mariadb"] },
  { id: "mongodb", title: "MongoDB", images: ["mongo", "mongodb-community-server"] },
  { id: "nginx", title: "nginx", images: ["nginx", "nginx-unprivileged"], lacks: [] },
  { id: "base", title: "Base images", images: ["busybox", "alpine", "debian", "ubuntu", "python", "node", "golang"] },
];

export const builtinProducts: Product[] = [...stack, ...libraries, ...others, ...silent].map((entry) =>
  product.parse(entry),
);
