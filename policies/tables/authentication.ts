// Settings by which a product lets in whoever can reach it, and products that do so until they are told otherwise. Each with
// the page that says so. `images` empty: the setting is so much its own that it counts in every image.
import { type Setting, setting } from "../settings.ts";
import { no, yes } from "./telemetry/demands.ts";

/** A product that asks for nothing when one of these settings is made. */
export interface OpenedBy {
  title: string;
  /** Last parts of image names. @default every image */
  images?: string[];
  off: Setting[];
  /** What to write instead, as a sentence without its full stop that begins with a verb. @default remove the setting */
  write?: string;
  source: string;
}

/** A product that asks for nothing unless one of these settings is made. */
export interface OpenByDefault {
  title: string;
  images: string[];
  anyOf: Setting[];
  write: string;
  source: string;
}

const env = (name: string, values: string[]) => setting.parse({ env: name, values });
const flag = (name: string) => setting.parse({ flag: name });
const file = (line: string) => setting.parse({ file: line });

export const openedBy: OpenedBy[] = [
  {
    title: "PostgreSQL",
    off: [
      env("POSTGRES_HOST_AUTH_METHOD", ["trust"]),
      flag("--auth=trust"),
      flag("--auth-host=trust"),
      ...["trust", "--auth=trust", "--auth-host=trust", "-A trust"].map((value) =>
        env("POSTGRES_INITDB_ARGS", [value]),
      ),
      file(
        "^\\s*host(ssl|nossl|gssenc|nogssenc)?\\s+\\S+\\s+\\S+\\s+(?!127\\.0\\.0\\.1/32|::1/128|localhost)\\S+\\s+(\\S+\\s+)?trust\\b",
      ),
    ],
    write: "set POSTGRES_HOST_AUTH_METHOD=scram-sha-256 and a password in a file",
    source: "https://hub.docker.com/_/postgres",
  },
  {
    title: "a database with an empty password",
    images: ["postgres", "postgis", "pgvector", "timescaledb", "mysql", "mariadb", "mongo", "redis", "valkey"],
    off: [
      ...["POSTGRES_PASSWORD", "MYSQL_ROOT_PASSWORD", "MARIADB_ROOT_PASSWORD", "MONGO_INITDB_ROOT_PASSWORD"],
      ...["REDIS_PASSWORD", "VALKEY_PASSWORD"],
    ].map((name) => env(name, [""])),
    write: "generate a password and hand it over in a file",
    source: "https://cwe.mitre.org/data/definitions/258.html",
  },
  {
    title: "PgBouncer",
    off: [
      env("AUTH_TYPE", ["trust", "any"]),
      env("PGBOUNCER_AUTH_TYPE", ["trust", "any"]),
      file("^\\s*auth_type\\s*=\\s*(trust|any)\\b"),
    ],
    source: "https://www.pgbouncer.org/config.html#auth_type",
  },
  {
    title: "MySQL and MariaDB",
    off: [
      ...["MYSQL_ALLOW_EMPTY_PASSWORD", "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "MARIADB_ALLOW_EMPTY_PASSWORD"].map(
        (name) => env(name, []),
      ),
      flag("--skip-grant-tables"),
      file("^\\s*skip[-_]grant[-_]tables\\b"),
    ],
    write: "remove it, and hand the root password over in a file (MYSQL_ROOT_PASSWORD_FILE)",
    source: "https://hub.docker.com/_/mysql",
  },
  {
    title: "the images of Bitnami",
    off: [env("ALLOW_EMPTY_PASSWORD", yes), env("ALLOW_ANONYMOUS_LOGIN", yes), env("ALLOW_NONE_AUTHENTICATION", yes)],
    source: "https://github.com/bitnami/containers",
  },
  {
    title: "Redis and Valkey",
    off: [
      flag("--protected-mode=no"),
      flag("--requirepass="),
      env("REDIS_PROTECTED_MODE", no),
      file("^\\s*protected-mode\\s+no\\b"),
      file("^\\s*user\\s+default\\s+(?=.*\\bon\\b).*\\bnopass\\b"),
    ],
    write: "remove it, and set requirepass in the configuration file",
    source: "https://redis.io/docs/latest/operate/oss_and_stack/management/security/",
  },
  {
    title: "MongoDB",
    off: [flag("--noauth")],
    images: ["mongo", "mongodb-community-server", "mongodb"],
    source: "https://www.mongodb.com/docs/manual/reference/program/mongod/",
  },
  {
    title: "MongoDB",
    off: [file("^\\s*authorization\\s*:\\s*[\"']?disabled\\b")],
    source: "https://www.mongodb.com/docs/manual/reference/configuration-options/#security-options",
  },
  {
    title: "mongo-express",
    off: [env("ME_CONFIG_BASICAUTH", no), env("ME_CONFIG_BASICAUTH_ENABLED", no)],
    source: "https://github.com/mongo-express/mongo-express-docker",
  },
  {
    title: "Elasticsearch",
    off: [
      env("xpack.security.enabled", no),
      env("XPACK_SECURITY_ENABLED", no),
      env("ELASTICSEARCH_ENABLE_SECURITY", no),
      ...["-E", "-e", "-D"].map((option) => flag(`${option}xpack.security.enabled=false`)),
      file("^\\s*xpack\\.security\\.enabled\\s*:\\s*[\"']?false\\b"),
    ],
    source: "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings",
  },
  {
    title: "OpenSearch",
    off: [
      env("DISABLE_SECURITY_PLUGIN", yes),
      env("DISABLE_SECURITY_DASHBOARDS_PLUGIN", yes),
      env("plugins.security.disabled", yes),
      file("^\\s*plugins\\.security\\.disabled\\s*:\\s*[\"']?true\\b"),
    ],
    source: "https://docs.opensearch.org/latest/security/configuration/disable-enable-security/",
  },
  {
    title: "Traefik's API",
    off: [
      flag("--api.insecure"),
      env("TRAEFIK_API_INSECURE", yes),
      file("^api:[ \\t]*\\n(?:[ \\t]+.*\\n)*?[ \\t]+insecure:[ \\t]*true\\b"),
      file("^\\[api\\][ \\t]*\\n(?:(?!\\[).*\\n)*?[ \\t]*insecure[ \\t]*=[ \\t]*true\\b"),
    ],
    write: "remove it, and put a router with a middleware that asks for a password in front of api@internal",
    source: "https://doc.traefik.io/traefik/reference/install-configuration/api-dashboard/",
  },
  {
    title: "Neo4j",
    off: [env("NEO4J_AUTH", ["none"]), env("NEO4J_dbms_security_auth__enabled", no)],
    source: "https://neo4j.com/docs/operations-manual/current/docker/introduction/",
  },
  {
    title: "InfluxDB 1",
    off: [env("INFLUXDB_HTTP_AUTH_ENABLED", no)],
    source: "https://docs.influxdata.com/influxdb/v1/administration/authentication_and_authorization/",
  },
  {
    title: "ArangoDB",
    off: [env("ARANGO_NO_AUTH", []), flag("--server.authentication=false")],
    source: "https://hub.docker.com/_/arangodb",
  },
  {
    title: "SurrealDB",
    off: [flag("--unauthenticated"), env("SURREAL_UNAUTHENTICATED", yes)],
    source: "https://surrealdb.com/docs/cli/start",
  },
  {
    title: "CockroachDB",
    off: [flag("--insecure")],
    images: ["cockroach"],
    source: "https://www.cockroachlabs.com/docs/stable/cockroach-start",
  },
  {
    title: "ClickHouse",
    off: [env("CLICKHOUSE_SKIP_USER_SETUP", yes)],
    source: "https://hub.docker.com/r/clickhouse/clickhouse-server",
  },
  {
    title: "Cassandra",
    off: [
      env("CASSANDRA_AUTHENTICATOR", ["AllowAllAuthenticator"]),
      file("^\\s*authenticator\\s*:\\s*AllowAllAuthenticator\\b"),
    ],
    source: "https://cassandra.apache.org/doc/latest/cassandra/managing/operating/security.html",
  },
  {
    title: "Weaviate",
    off: [env("AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED", yes)],
    source: "https://docs.weaviate.io/deploy/configuration/authentication",
  },
  {
    title: "Milvus",
    off: [env("COMMON_SECURITY_AUTHORIZATIONENABLED", no)],
    source: "https://milvus.io/docs/authenticate.md",
  },
  {
    title: "Vault in development mode",
    off: [flag("-dev"), flag("--dev"), env("VAULT_DEV_ROOT_TOKEN_ID", [])],
    images: ["vault", "openbao"],
    source: "https://developer.hashicorp.com/vault/docs/concepts/dev-server",
  },
  {
    title: "Consul",
    off: [flag("-dev"), file('"?default_policy"?\\s*[=:]\\s*"allow"')],
    images: ["consul"],
    write: 'write acl { enabled = true, default_policy = "deny" }',
    source: "https://developer.hashicorp.com/consul/docs/reference/agent/configuration-file/acl",
  },
  {
    title: "Mosquitto",
    off: [file("^\\s*allow_anonymous\\s+true\\b")],
    source: "https://mosquitto.org/man/mosquitto-conf-5.html",
  },
  {
    title: "Grafana",
    off: [
      env("GF_AUTH_ANONYMOUS_ENABLED", yes),
      file("^\\[auth\\.anonymous\\][ \\t]*\\n(?:(?!\\[).*\\n)*?[ \\t]*enabled[ \\t]*=[ \\t]*true\\b"),
    ],
    source:
      "https://grafana.com/docs/grafana/latest/setup-grafana/configure-security/configure-authentication/grafana/",
  },
  {
    title: "Jupyter",
    off: [
      ...["ServerApp", "NotebookApp", "IdentityProvider"].flatMap((app) => [
        flag(`--${app}.token=`),
        flag(`--${app}.token=''`),
        flag(`--${app}.token=""`),
      ]),
      env("JUPYTER_TOKEN", [""]),
    ],
    source: "https://jupyter-server.readthedocs.io/en/latest/operators/security.html",
  },
  {
    title: "code-server and openvscode-server",
    off: [flag("--auth=none"), flag("--without-connection-token")],
    images: ["code-server", "openvscode-server"],
    source: "https://coder.com/docs/code-server/guide",
  },
  {
    title: "Open WebUI",
    off: [env("WEBUI_AUTH", no)],
    source: "https://docs.openwebui.com/getting-started/env-configuration/",
  },
  {
    title: "n8n",
    off: [env("N8N_USER_MANAGEMENT_DISABLED", yes), env("N8N_BASIC_AUTH_ACTIVE", no)],
    source: "https://docs.n8n.io/hosting/configuration/environment-variables/",
  },
  {
    title: "Airflow",
    off: [
      env("AIRFLOW__API__AUTH_BACKENDS", ["airflow.api.auth.backend.default"]),
      env("AIRFLOW__API__AUTH_BACKEND", ["airflow.api.auth.backend.default"]),
      env("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS", yes),
    ],
    source: "https://airflow.apache.org/docs/apache-airflow/stable/security/api.html",
  },
  {
    title: "pgAdmin",
    off: [env("PGADMIN_CONFIG_SERVER_MODE", no), env("PGADMIN_CONFIG_MASTER_PASSWORD_REQUIRED", no)],
    source: "https://www.pgadmin.org/docs/pgadmin4/latest/container_deployment.html",
  },
  {
    title: "File Browser",
    off: [flag("--noauth"), env("FB_NOAUTH", [])],
    images: ["filebrowser"],
    source: "https://filebrowser.org/authentication.html",
  },
  {
    title: "Portainer",
    off: [flag("--no-auth")],
    images: ["portainer", "portainer-ce", "portainer-ee"],
    source: "https://docs.portainer.io/advanced/cli",
  },
  {
    title: "Kafka UI",
    off: [env("AUTH_TYPE", ["DISABLED"])],
    source: "https://docs.kafka-ui.provectus.io/configuration/authentication",
  },
  {
    title: "the Docker engine in a container",
    off: [flag("--tls=false"), env("DOCKER_TLS_CERTDIR", [""])],
    images: ["docker"],
    write: "remove it: the image makes its own certificates",
    source: "https://hub.docker.com/_/docker",
  },
  {
    title: "an application that says so",
    off: [env("NO_AUTH", yes), env("DISABLE_AUTH", yes), env("AUTH_DISABLED", yes), env("DISABLE_AUTHENTICATION", yes)],
    source: "https://cwe.mitre.org/data/definitions/306.html",
  },
];

export const openByDefault: OpenByDefault[] = [
  {
    title: "Redis",
    images: ["redis", "valkey", "redis-stack", "redis-stack-server", "keydb", "dragonfly"],
    anyOf: [
      flag("--requirepass"),
      flag("--aclfile"),
      flag("--user"),
      ...[
        "REDIS_PASSWORD",
        "REDIS_PASSWORD_FILE",
        "VALKEY_PASSWORD",
        "VALKEY_PASSWORD_FILE",
        "REDIS_ARGS",
        "VALKEY_EXTRA_FLAGS",
        "DFLY_requirepass",
      ].map((name) => env(name, [])),
      file("^\\s*(requirepass|aclfile|user)\\s+\\S"),
    ],
    write: "mount a configuration file with requirepass, and start it with that file",
    source: "https://redis.io/docs/latest/operate/oss_and_stack/management/security/",
  },
  {
    title: "Qdrant",
    images: ["qdrant"],
    anyOf: [
      env("QDRANT__SERVICE__API_KEY", []),
      env("QDRANT__SERVICE__JWT_RBAC", yes),
      file("^\\s*api_key\\s*:\\s*\\S"),
    ],
    write: "mount a configuration file with service.api_key, and name it with --config-path",
    source: "https://qdrant.tech/documentation/guides/security/",
  },
  {
    title: "MongoDB",
    images: ["mongo", "mongodb-community-server"],
    anyOf: [
      ...[
        "MONGO_INITDB_ROOT_USERNAME",
        "MONGO_INITDB_ROOT_USERNAME_FILE",
        "MONGODB_INITDB_ROOT_USERNAME",
        "MONGODB_INITDB_ROOT_USERNAME_FILE",
      ].map((name) => env(name, [])),
      flag("--auth"),
      flag("--keyFile"),
      file("^\\s*(authorization\\s*:\\s*[\"']?enabled|keyFile\\s*:)"),
    ],
    write: "set MONGO_INITDB_ROOT_USERNAME and MONGO_INITDB_ROOT_PASSWORD_FILE",
    source: "https://hub.docker.com/_/mongo",
  },
  {
    title: "Weaviate",
    images: ["weaviate"],
    anyOf: [env("AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED", no)],
    write: "set AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED=false and AUTHENTICATION_APIKEY_ENABLED=true",
    source: "https://docs.weaviate.io/deploy/configuration/authentication",
  },
  {
    title: "Chroma",
    images: ["chroma"],
    anyOf: [env("CHROMA_SERVER_AUTHN_PROVIDER", []), env("CHROMA_SERVER_AUTH_PROVIDER", [])],
    write: "publish it through a proxy that asks for a password: from 1.0 on it has no authentication of its own",
    source: "https://cookbook.chromadb.dev/security/auth/",
  },
  {
    title: "Meilisearch",
    images: ["meilisearch"],
    anyOf: [
      env("MEILI_MASTER_KEY", []),
      env("MEILI_ENV", ["production"]),
      flag("--master-key"),
      flag("--env=production"),
      file("^\\s*master_key\\s*="),
    ],
    write: "set MEILI_ENV=production, which refuses to start without a master key",
    source: "https://www.meilisearch.com/docs/learn/security/basic_security",
  },
  {
    title: "Memcached",
    images: ["memcached"],
    anyOf: [flag("-S"), flag("-Y"), flag("--auth-file"), flag("--enable-sasl")],
    write: "do not publish it, or start it with --auth-file",
    source: "https://docs.memcached.org/features/restricting/",
  },
];
