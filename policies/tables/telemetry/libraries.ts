// Libraries inside images of any name. They send nothing until a setting says so, and that setting is denied everywhere.
import type { ProductInput } from "../../settings.ts";
import { mustNotSet, no } from "./demands.ts";

export const libraries: ProductInput[] = [
  {
    id: "langchain",
    title: "LangChain and LangSmith",
    everywhere: true,
    deny: [
      mustNotSet(
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
      mustNotSet(
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
    deny: [mustNotSet(["SENTRY_DSN", "*_SENTRY_DSN"], "sends errors, with the data that caused them, to Sentry", [])],
    source: "https://docs.sentry.io/platforms/python/configuration/options/#dsn",
  },
  {
    id: "posthog",
    title: "PostHog",
    everywhere: true,
    deny: [
      mustNotSet(
        ["POSTHOG_API_KEY", "POSTHOG_KEY", "*_POSTHOG_KEY", "*_POSTHOG_API_KEY"],
        "sends events to PostHog",
        [],
      ),
    ],
    source: "https://posthog.com/docs/libraries",
  },
  {
    id: "cloud-apm",
    title: "Datadog, New Relic, Elastic APM",
    everywhere: true,
    deny: [
      mustNotSet(
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
      mustNotSet(
        ["*TELEMETRY_ENABLED", "*TELEMETRY_OPTIN", "*ENABLE_TELEMETRY", "ANONYMIZED_TELEMETRY", "TELEMETRY"],
        "switches telemetry on",
      ),
      mustNotSet(
        ["*TELEMETRY_DISABLED", "*TELEMETRY_OPTOUT", "*NO_TELEMETRY", "*DISABLE_TELEMETRY", "DO_NOT_TRACK"],
        "leaves telemetry on",
        no,
      ),
    ],
    source: "https://consoledonottrack.com/",
  },
];
