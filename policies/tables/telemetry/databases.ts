// Databases, search engines, and what stands right in front of them.
import type { ProductInput } from "../../settings.ts";
import { mustSet, no, usage, yes } from "./demands.ts";

export const databases: ProductInput[] = [
  {
    id: "chroma",
    title: "Chroma",
    images: ["chroma"],
    require: [mustSet("ANONYMIZED_TELEMETRY", no, usage)],
    source: "https://docs.trychroma.com/docs/overview/telemetry",
  },
  {
    id: "weaviate",
    title: "Weaviate",
    images: ["weaviate"],
    require: [mustSet("DISABLE_TELEMETRY", yes, usage)],
    source: "https://docs.weaviate.io/deploy/configuration/telemetry",
  },
  {
    id: "meilisearch",
    title: "Meilisearch",
    images: ["meilisearch"],
    require: [mustSet("MEILI_NO_ANALYTICS", yes, usage, [{ flag: "--no-analytics" }])],
    source: "https://www.meilisearch.com/docs/learn/resources/telemetry",
  },
  {
    id: "hasura",
    title: "Hasura",
    images: ["graphql-engine"],
    require: [mustSet("HASURA_GRAPHQL_ENABLE_TELEMETRY", no, usage)],
    source: "https://hasura.io/docs/2.0/policies/telemetry/",
  },
  {
    id: "nocodb",
    title: "NocoDB",
    images: ["nocodb"],
    require: [mustSet("NC_DISABLE_TELE", yes, usage)],
    source: "https://nocodb.com/docs/self-hosting/environment-variables",
  },
  {
    id: "influxdb",
    title: "InfluxDB",
    images: ["influxdb"],
    require: [mustSet("INFLUXD_REPORTING_DISABLED", yes, usage, [{ flag: "--reporting-disabled" }])],
    source: "https://docs.influxdata.com/influxdb/v2/reference/config-options/#reporting-disabled",
  },
  {
    id: "cockroachdb",
    title: "CockroachDB",
    images: ["cockroach"],
    require: [mustSet("COCKROACH_SKIP_ENABLING_DIAGNOSTIC_REPORTING", yes, usage)],
    source: "https://www.cockroachlabs.com/docs/stable/telemetry",
  },
  {
    id: "timescaledb",
    title: "TimescaleDB",
    images: ["timescaledb", "timescaledb-ha"],
    require: [mustSet("TIMESCALEDB_TELEMETRY", ["off"], usage, [{ flag: "timescaledb.telemetry_level=off" }])],
    source: "https://docs.timescale.com/self-hosted/latest/configuration/telemetry/",
  },
  {
    id: "pgadmin",
    title: "pgAdmin",
    images: ["pgadmin4"],
    require: [mustSet("PGADMIN_CONFIG_UPGRADE_CHECK_ENABLED", ["False"], "asks pgadmin.org for new versions")],
    source: "https://www.pgadmin.org/docs/pgadmin4/latest/container_deployment.html",
  },
  { id: "mysql", title: "MySQL", images: ["mysql"] },
  { id: "mariadb", title: "MariaDB", images: ["mariadb"] },
  { id: "mongodb", title: "MongoDB", images: ["mongo", "mongodb-community-server"] },
];
