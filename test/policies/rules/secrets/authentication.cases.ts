import { changed, type RuleCases, unknown } from "../case.ts";

const on = "app_redis";
const redis = (props: Record<string, unknown>) => changed("redis", props);
const env = (...envs: unknown[]) => redis({ envs });
const command = (...words: unknown[]) => redis({ command: words });
const file = (content: string) => redis({ uploads: [{ file: "/config/a.conf", content }] });
/** An image of one's own choice, published, with nothing that says where its configuration is. */
const published = (image: string, more: Record<string, unknown> = {}) =>
  redis({
    image: `${image}@sha256:${"ab".repeat(32)}`,
    entrypoints: undefined,
    ports: [{ internal: 6379, external: 6379, ip: "127.0.0.1" }],
    ...more,
  });

export const authenticationCases: RuleCases[] = [
  {
    rule: "authentication-on",
    breaks: {
      "Postgres that trusts": {
        stack: env("POSTGRES_HOST_AUTH_METHOD=trust"),
        on,
        says: ["PostgreSQL", "scram-sha-256"],
      },
      "an empty password": { stack: env("MYSQL_ALLOW_EMPTY_PASSWORD=yes"), on, says: ["MYSQL_ALLOW_EMPTY_PASSWORD"] },
      "whatever its value": { stack: env("MARIADB_ALLOW_EMPTY_ROOT_PASSWORD=1"), on, says: ["MARIADB"] },
      "Bitnami's": { stack: env("ALLOW_EMPTY_PASSWORD=yes"), on, says: ["Bitnami"] },
      "a variable with dots": { stack: env("xpack.security.enabled=false"), on, says: ["Elasticsearch"] },
      OpenSearch: { stack: env("DISABLE_SECURITY_PLUGIN=true"), on, says: ["OpenSearch"] },
      "Traefik's API": { stack: command("--api.insecure=true"), on, says: ["--api.insecure"] },
      "the option alone": { stack: command("--api.insecure"), on, says: ["Traefik"] },
      "Redis' protected mode": { stack: command("--protected-mode", "no"), on, says: ["--protected-mode=no"] },
      "two on one command line": {
        stack: command("--api.insecure=true", "--protected-mode", "no"),
        on,
        says: ["Redis"],
      },
      "an empty password on the command line": { stack: command("--requirepass", ""), on, says: ["--requirepass="] },
      "a password that is empty": { stack: env("REDIS_PASSWORD="), on, says: ["empty password"] },
      Neo4j: { stack: env("NEO4J_AUTH=none"), on, says: ["Neo4j"] },
      Jupyter: { stack: command("start-notebook.sh", "--NotebookApp.token=''"), on, says: ["Jupyter"] },
      Grafana: { stack: env("GF_AUTH_ANONYMOUS_ENABLED=true"), on, says: ["Grafana"] },
      "a line of pg_hba.conf": { stack: file("host all all 0.0.0.0/0 trust\n"), on, says: ["host in /config/a.conf"] },
      "a line of elasticsearch.yml": {
        stack: file("xpack.security.enabled: false\n"),
        on,
        says: ["xpack.security.enabled in"],
      },
      "Traefik's file": {
        stack: file("api:\n  dashboard: true\n  insecure: true\n"),
        on,
        says: ["insecure in /config/a.conf"],
      },
      "an ACL for everybody": {
        stack: file("user default on nopass ~* +@all\n"),
        on,
        says: ["user in /config/a.conf"],
      },
      "Redis, published": { stack: published("redis:1.2.3"), on, says: ["publishes Redis", "requirepass"] },
      "Redis with a file that says nothing": {
        stack: published("redis:1.2.3", {
          command: ["redis-server", "/r.conf"],
          uploads: [{ file: "/r.conf", content: "port 6379\n" }],
        }),
        on,
        says: ["publishes Redis"],
      },
      "Qdrant, published": {
        stack: changed("qdrant", { entrypoints: undefined }),
        on: "app_qdrant",
        says: ["service.api_key"],
      },
    },
    passes: {
      "Postgres with passwords": { stack: env("POSTGRES_HOST_AUTH_METHOD=scram-sha-256") },
      "only from the same container": { stack: file("local all all trust\nhost all all 127.0.0.1/32 trust\n") },
      "switched on": {
        stack: env("xpack.security.enabled=true", "WEBUI_AUTH=true", "GF_AUTH_ANONYMOUS_ENABLED=false"),
      },
      "an option of another program": { stack: command("tool", "--insecure", "--noauth", "-dev") },
      "Redis with a password": {
        stack: published("redis:1.2.3", { uploads: [{ file: "/r.conf", content: "requirepass x\n" }] }),
      },
      "Redis with a file that cannot be read": {
        stack: published("redis:1.2.3", { command: ["redis-server", "/r.conf"] }),
      },
      "Redis that nobody can reach": { stack: redis({ entrypoints: undefined, ports: undefined }) },
      "an API key": {
        stack: changed("qdrant", {
          entrypoints: undefined,
          uploads: [{ file: "/qdrant/config/production.yaml", content: "service:\n  api_key: x\n" }],
        }),
      },
    },
    absent: { stack: redis({ envs: undefined, command: undefined }), verdict: "pass" },
    unknown: {
      stack: redis({ envs: [], uploads: [{ file: unknown, content: unknown }], entrypoints: undefined }),
      path: "envs",
    },
    configured: {
      "one that is meant to be open": {
        stack: published("redis:1.2.3"),
        config: { "authentication-on": { containers: ["app_redis"] } },
        verdict: "pass",
      },
    },
  },
];
