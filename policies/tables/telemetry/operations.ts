// What builds, schedules, routes and watches other containers.
import type { ProductInput } from "../../settings.ts";
import { mustSet, no, usage, yes } from "./demands.ts";

export const operations: ProductInput[] = [
  {
    id: "airflow",
    title: "Apache Airflow",
    images: ["airflow"],
    require: [mustSet("AIRFLOW__USAGE_DATA_COLLECTION__ENABLED", no, usage, [{ env: "SCARF_ANALYTICS", values: no }])],
    source: "https://airflow.apache.org/docs/apache-airflow/stable/faq.html",
  },
  {
    id: "grafana",
    title: "Grafana",
    images: ["grafana", "grafana-oss", "grafana-enterprise"],
    require: [
      mustSet("GF_ANALYTICS_REPORTING_ENABLED", no, usage, [{ file: "^\\s*reporting_enabled\\s*=\\s*false" }]),
      mustSet("GF_ANALYTICS_CHECK_FOR_UPDATES", no, "asks grafana.com for new versions", [
        { file: "^\\s*check_for_updates\\s*=\\s*false" },
      ]),
      mustSet("GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES", no, "asks grafana.com for new plugins", [
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
    id: "dotnet",
    title: ".NET",
    images: ["dotnet/sdk"],
    require: [mustSet("DOTNET_CLI_TELEMETRY_OPTOUT", yes, usage)],
    source: "https://learn.microsoft.com/dotnet/core/tools/telemetry",
  },
  {
    id: "prefect",
    title: "Prefect",
    images: ["prefect"],
    require: [mustSet("PREFECT_SERVER_ANALYTICS_ENABLED", no, usage, [{ env: "DO_NOT_TRACK", values: yes }])],
    source: "https://docs.prefect.io/v3/concepts/telemetry",
  },
  {
    id: "traefik",
    title: "Traefik",
    images: ["traefik"],
    require: [
      mustSet("TRAEFIK_GLOBAL_CHECKNEWVERSION", no, "asks update.traefik.io for new versions", [
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
    require: [mustSet("DISABLE_TELEMETRY", yes, usage, [{ env: "DO_NOT_TRACK", values: yes }])],
    source: "https://learn.netdata.cloud/docs/netdata-agent/configuration/anonymous-telemetry-events",
  },
  {
    id: "infisical",
    title: "Infisical",
    images: ["infisical"],
    require: [mustSet("TELEMETRY_ENABLED", no, usage)],
    source: "https://infisical.com/docs/self-hosting/configuration/envars",
  },
  {
    id: "nomad-vault",
    title: "Nomad",
    images: ["nomad"],
    require: [
      mustSet("CHECKPOINT_DISABLE", yes, "asks checkpoint-api.hashicorp.com for new versions", [
        { file: '"?disable_update_check"?\\s*[=:]\\s*true' },
      ]),
    ],
    source: "https://developer.hashicorp.com/nomad/docs/configuration#disable_update_check",
  },
  {
    id: "kibana",
    title: "Kibana",
    images: ["kibana"],
    require: [mustSet("TELEMETRY_OPTIN", no, usage, [{ env: "TELEMETRY_ENABLED", values: no }])],
    source: "https://www.elastic.co/docs/reference/kibana/configuration-reference/telemetry-settings",
  },
  {
    id: "dozzle",
    title: "Dozzle",
    images: ["dozzle"],
    require: [mustSet("DOZZLE_NO_ANALYTICS", yes, usage, [{ flag: "--no-analytics" }])],
    source: "https://dozzle.dev/guide/analytics",
  },
  { id: "nginx", title: "nginx", images: ["nginx", "nginx-unprivileged"] },
  { id: "base", title: "Base images", images: ["busybox", "alpine", "debian", "ubuntu", "python", "node", "golang"] },
];
