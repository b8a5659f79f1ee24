import { changed, goodStack, type RuleCases, resource, unknown } from "../case.ts";

const digest = `sha256:${"cd".repeat(32)}`;
/** The good stack with redis' place taken by a container of another product. */
const running = (image: string, props: Record<string, unknown> = {}) =>
  changed(
    "redis",
    {
      name: "app_other",
      image: `${image}:1.0@${digest}`,
      labels: [],
      ports: undefined,
      healthcheck: { tests: ["CMD", "check"] },
      ...props,
    },
    [
      ...changed("redis-ready", { keepers: { containerName: "app_other", pids: "256" } }),
      resource("image", "other-image", { name: `${image}:1.0@${digest}` }),
    ],
  );
const env = (...envs: unknown[]) => changed("qdrant", { envs });
const silent = "QDRANT__TELEMETRY_DISABLED=true";

export const telemetryCases: RuleCases[] = [
  {
    rule: "telemetry-off",
    breaks: {
      "nothing said": {
        stack: env(),
        on: "app_qdrant",
        says: ["telemetry.qdrant.io", "QDRANT__TELEMETRY_DISABLED=true"],
      },
      "an empty value": { stack: env("QDRANT__TELEMETRY_DISABLED="), on: "app_qdrant", says: ["Qdrant"] },
      "a name without a value": { stack: env("QDRANT__TELEMETRY_DISABLED"), on: "app_qdrant", says: ["Qdrant"] },
      "another name": { stack: env("QDRANT_TELEMETRY_OFF=true"), on: "app_qdrant", says: ["Qdrant"] },
      Consul: {
        stack: running("hashicorp/consul"),
        on: "app_other",
        says: ["checkpoint-api.hashicorp.com", "CHECKPOINT_DISABLE=1"],
      },
      "Grafana, one of three": {
        stack: running("grafana/grafana", {
          envs: ["GF_ANALYTICS_REPORTING_ENABLED=false", "GF_ANALYTICS_CHECK_FOR_UPDATES=false"],
        }),
        on: "app_other",
        says: ["GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES=false"],
      },
      "Chainlit, with a variable that nobody reads": {
        stack: running("xnai_chainlit_ui", { envs: ["CHAINLIT_NO_TELEMETRY=true"] }),
        on: "app_other",
        says: ["OTEL_SDK_DISABLED=true"],
      },
      Crawl4AI: { stack: running("unclecode/crawl4ai"), on: "app_other", says: ["CRAWL4AI_TELEMETRY=0"] },
      n8n: { stack: running("n8nio/n8n"), on: "app_other", says: ["N8N_DIAGNOSTICS_ENABLED=false"] },
      "Hugging Face": {
        stack: running("huggingface/text-embeddings-inference"),
        on: "app_other",
        says: ["HF_HUB_DISABLE_TELEMETRY=true"],
      },
      "Next.js": { stack: running("my/nextjs-app"), on: "app_other", says: ["NEXT_TELEMETRY_DISABLED=true"] },
      ".NET": {
        stack: running("mcr.microsoft.com/dotnet/sdk"),
        config: { "registry-allowed": "disabled" },
        on: "app_other",
        says: ["DOTNET_CLI_TELEMETRY_OPTOUT=true"],
      },
    },
    passes: {
      "the switch in other words": { stack: env("QDRANT__TELEMETRY_DISABLED=1") },
      "on the command line": { stack: changed("qdrant", { envs: [], command: ["./qdrant", "--disable-telemetry"] }) },
      "in a file": {
        stack: changed("qdrant", { envs: [], uploads: [{ file: "/c.yaml", content: "telemetry_disabled: true\n" }] }),
      },
      "in a file, as base64": {
        stack: changed("qdrant", {
          envs: [],
          uploads: [{ file: "/c.yaml", contentBase64: Buffer.from("telemetry_disabled: true").toString("base64") }],
        }),
      },
      "Consul by its file": {
        stack: running("hashicorp/consul", {
          uploads: [{ file: "/consul/config/a.hcl", content: "disable_update_check = true" }],
        }),
      },
      "a task of the same service that has no network": { stack: goodStack() },
      "Hugging Face by DO_NOT_TRACK": {
        stack: running("huggingface/text-embeddings-inference", { envs: ["DO_NOT_TRACK=1"] }),
      },
      "Loki by an option": {
        stack: running("grafana/loki", { command: ["-config.file=/etc/loki.yaml", "-reporting.enabled=false"] }),
      },
    },
    absent: { stack: changed("qdrant", { envs: undefined }), verdict: "violation" },
    unknown: { stack: env(unknown), path: "envs" },
    configured: {
      "a product of one's own": {
        stack: running("my/agent"),
        config: {
          "telemetry-known": "disabled",
          settings: {
            products: [
              {
                id: "agent",
                title: "My agent",
                images: ["my/agent"],
                require: [
                  { what: "calls home", anyOf: [{ env: "AGENT_QUIET", values: ["1"] }], write: "AGENT_QUIET=1" },
                ],
              },
            ],
          },
        },
        verdict: "violation",
      },
      "a product looked at differently": {
        stack: env(),
        config: { settings: { products: [{ id: "qdrant", title: "Qdrant", images: ["qdrant"] }] } },
        verdict: "pass",
      },
    },
  },
  {
    rule: "telemetry-not-on",
    breaks: {
      LangSmith: {
        stack: env(silent, "LANGCHAIN_TRACING_V2=true"),
        on: "app_qdrant",
        says: ["sends every prompt and answer", "Set LANGCHAIN_TRACING_V2=false"],
      },
      Sentry: {
        stack: env(silent, "SENTRY_DSN=https://public@sentry.example.test/1"),
        on: "app_qdrant",
        says: ["SENTRY_DSN"],
      },
      PostHog: {
        stack: env(silent, "NEXT_PUBLIC_POSTHOG_KEY=phc_short"),
        config: { "no-plain-secret": "disabled" },
        on: "app_qdrant",
        says: ["PostHog"],
      },
      OpenTelemetry: {
        stack: env(silent, "OTEL_EXPORTER_OTLP_ENDPOINT=https://collector.example.test:4317"),
        on: "app_qdrant",
        says: ["OTEL_EXPORTER_OTLP_ENDPOINT"],
      },
      "OpenTelemetry, traces only": {
        stack: env(silent, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=https://collector.example.test"),
        on: "app_qdrant",
        says: ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"],
      },
      "a flag of nobody in particular": {
        stack: env(silent, "FOO_TELEMETRY_ENABLED=1"),
        on: "app_qdrant",
        says: ["FOO_TELEMETRY_ENABLED", "switches telemetry on"],
      },
      "an opt-out that is switched off": {
        stack: env(silent, "BAR_TELEMETRY_DISABLED=0"),
        on: "app_qdrant",
        says: ["leaves telemetry on"],
      },
      "Vikunja's Sentry": {
        stack: running("vikunja/vikunja", {
          envs: ["VIKUNJA_SENTRY_ENABLED=true"],
          networksAdvanced: [{ name: "app_db" }],
        }),
        on: "app_other",
        says: ["vendor's Sentry", "Set VIKUNJA_SENTRY_ENABLED=false"],
      },
      "Vikunja's gravatar": {
        stack: running("vikunja/vikunja", {
          envs: ["VIKUNJA_DEFAULTSETTINGS_AVATAR_PROVIDER=gravatar"],
          networksAdvanced: [{ name: "app_db" }],
        }),
        on: "app_other",
        says: ["gravatar.com"],
      },
      "Google in the documentation": {
        stack: running("squidfunk/mkdocs-material", {
          uploads: [{ file: "/docs/mkdocs.yml", content: "extra:\n  analytics:\n    provider: google\n" }],
        }),
        on: "app_other",
        says: ["Google"],
      },
      "Traefik by an option": {
        stack: running("traefik", { command: ["--global.checknewversion=false", "--global.sendanonymoususage"] }),
        on: "app_other",
        says: ["--global.sendanonymoususage"],
      },
    },
    passes: {
      "said to be off": {
        stack: env(silent, "LANGCHAIN_TRACING_V2=false", "VIKUNJA_SENTRY_ENABLED=false", "SENTRY_DSN="),
      },
      "an opt-out": { stack: env(silent, "CHAINLIT_NO_TELEMETRY=true", "DO_NOT_TRACK=1") },
      "a collector on this machine": { stack: env(silent, "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4317") },
      "Vikunja's switch elsewhere": { stack: env(silent, "VIKUNJA_SENTRY_ENABLED=true") },
    },
    absent: { stack: changed("redis", { envs: undefined }), verdict: "pass" },
    unknown: { stack: env(silent, unknown), path: "envs[1]" },
    configured: {
      "a collector of one's own": {
        stack: env(silent, "OTEL_EXPORTER_OTLP_ENDPOINT=http://otel-collector:4317"),
        config: { "telemetry-not-on": { endpoints: ["otel-collector"] } },
        verdict: "pass",
      },
    },
  },
  {
    rule: "telemetry-known",
    breaks: {
      "an image nobody looked at": {
        stack: running("somebody/newthing"),
        on: "app_other",
        says: ["newthing", "settings.products", "silent"],
      },
    },
    passes: {
      "one that says itself that it is silent": {
        stack: running("somebody/newthing", { envs: ["NEWTHING_NO_TELEMETRY=1"] }),
      },
    },
    absent: { stack: goodStack(), verdict: "pass" },
    unknown: { stack: changed("redis", { image: unknown }), path: "image" },
    configured: {
      "known to be silent": {
        stack: running("somebody/newthing"),
        config: { "telemetry-known": { silent: ["newthing"] } },
        verdict: "pass",
      },
      "a product of one's own": {
        stack: running("somebody/newthing"),
        config: { settings: { products: [{ id: "new", title: "New", images: ["newthing"] }] } },
        verdict: "pass",
      },
    },
  },
];
