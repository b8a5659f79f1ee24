// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how a reference is written
import { changed, changedFacts, type RuleCases, unknown } from "../case.ts";

const env = (...envs: unknown[]) => changed("redis", { envs });
const command = (...words: unknown[]) => changed("redis", { command: words });
const labelled = (...shared: unknown[]) =>
  changed("redis", {
    labels: [
      { label: "io.xnai.stack", value: "app" },
      { label: "io.xnai.service", value: "redis" },
      ...shared.map((value) => ({ label: "io.xnai.shared-login", value })),
    ],
  });
/** Random, and of no use anywhere. */
const random = "Zm9vYmFyMTIzUXV4WXl6QWJj";

export const credentialCases: RuleCases[] = [
  {
    rule: "no-plain-secret",
    breaks: {
      "a password by its name": {
        stack: env("REDIS_PASSWORD=not-in-any-list"),
        on: "app_redis",
        says: ["by its name in REDIS_PASSWORD", "REDIS_PASSWORD_FILE"],
      },
      "an API key by its name": { stack: env("API_KEY=abc-not-listed"), on: "app_redis", says: ["API_KEY"] },
      "a name in camel case": { stack: env("adminPassword=not-in-any-list"), on: "app_redis", says: ["adminPassword"] },
      "an option with its value": {
        stack: command("redis-server", "--requirepass", "not-in-any-list"),
        on: "app_redis",
        says: ["--requirepass"],
      },
      "an option that is assigned": {
        stack: command("tool", "--api-key=not-in-any-list"),
        on: "app_redis",
        says: ["--api-key"],
      },
      "a script": {
        stack: command("sh", "-c", "export DB_PASSWORD=not-in-any-list; exec tool"),
        on: "app_redis",
        says: ["DB_PASSWORD"],
      },
      "a label": {
        stack: changed("redis", {
          labels: [
            { label: "io.xnai.service", value: "redis" },
            { label: "auth.token", value: "not-in-any-list" },
          ],
        }),
        on: "app_redis",
        says: ["auth.token"],
      },
      "a health check": {
        stack: changed("redis", { healthcheck: { tests: ["CMD", "redis-cli", "--pass", "not-in-any-list", "ping"] } }),
        on: "app_redis",
        says: ["--pass"],
      },
      "a key by its look": { stack: env(`SOMETHING=${random}`), on: "app_redis", says: ["by the look of it"] },
      "hex by its look": {
        stack: env("SOMETHING=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"),
        on: "app_redis",
        says: ["by the look of it"],
      },
      "an AWS key": {
        stack: env(`A=${["AKIA", "IOSFODNN7EXAMPLE"].join("")}`),
        on: "app_redis",
        says: ["AWS access key"],
      },
      "a GitHub token": {
        stack: env(`A=${["ghp", "_", "a1B2".repeat(9)].join("")}`),
        on: "app_redis",
        says: ["GitHub token"],
      },
      "an OpenAI key": {
        stack: env(`A=${["sk", "-", "abcdefghijklmnopqrstuvwx"].join("")}`),
        on: "app_redis",
        says: ["OpenAI"],
      },
      "a Hugging Face token": {
        stack: env(`A=${["hf", "_", "abcdefghijklmnopqrstuvwxyzABCDEF"].join("")}`),
        on: "app_redis",
        says: ["Hugging Face"],
      },
      "a private key": {
        stack: env(`A=-----BEGIN ${"EC"} PRIVATE KEY-----\nx`),
        on: "app_redis",
        says: ["private key"],
      },
      "a JSON web token": {
        stack: env(`A=${["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxIn0xxxxx", "abcdefghijkl"].join(".")}`),
        on: "app_redis",
        says: ["JSON web token"],
      },
      "a URL with a password": {
        stack: env("DATABASE_URL=postgres://app:not-in-any-list@db/app"),
        on: "app_redis",
        says: ["password in a URL"],
      },
      ...Object.fromEntries(
        Object.entries({
          "begins with a dollar sign": "A_PASSWORD=$tr0ngPassw0rd",
          "begins with a slash": "B_PASSWORD=/Xk29sdkJs0d9k3",
          "begins with a brace": "B_PASSWORD={curly-but-secret",
          "is short": "C_PASSWORD=4711",
          "has two characters": "C_PASSWORD=x7",
          "is encoded": "APP_KEY=base64:3Nvx3rPpRCVvR9zQ2kP1mE5yVb7uWc8sXdAfGhJkLmN=",
          "is encoded, under any name": "CIPHER=base64:3Nvx3rPpRCVvR9zQ2kP1mE5yVb7uWc8sXdAfGhJkLmN=",
          "stands in a connection string": "CONN=Server=db;User Id=sa;Password=Str0ngP@ssw0rd;",
          "is an account's key": "CONN=DefaultEndpointsProtocol=https;AccountName=a;AccountKey=abcdefgh12345678==",
          "stands in JSON": 'CFG={"password": "hunter2hunter"}',
          "stands in JSON without spaces": 'CFG={"db":{"user":"a","password":"hunter2hunter"}}',
          "is a property of a virtual machine": "JAVA_OPTS=-Xmx1g -Dspring.datasource.password=hunter2hunter",
          "stands in a query": "HOOK=https://example.test/hook?token=hunter2hunter",
          "stands behind a user": "NEO4J_AUTH=neo4j/hunter2hunter",
          "is a hash": "USERS=admin:$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/",
          "is a bcrypt hash": "USERS=admin:$2y$05$abcdefghijklmnopqrstuuJ9x7Q1Zy9Jv3m0Zr6w9yP1u2i3o4p5q",
        }).map(([form, variable]) => [
          `a variable that ${form}`,
          { stack: env(variable), on: "app_redis", says: ["(envs[0])"] },
        ]),
      ),
      ...Object.fromEntries(
        [
          "redis-cli -a hunter2hunter ping",
          "mysqladmin -phunter2hunter ping",
          "/usr/bin/mariadb-admin -uroot -phunter2hunter ping",
          "mongosh -u root -p hunter2hunter",
          "curl -u admin:hunter2hunter http://localhost",
          "mosquitto_sub -P hunter2hunter -t x",
          "sleep 1; redis-cli -a 'hunter2hunter' ping || exit 1",
        ].flatMap((line) => [
          [
            `in a script: ${line}`,
            { stack: command("sh", "-c", line), on: "app_redis", says: ["in password (command)"] },
          ],
          [
            `in a health check: ${line}`,
            {
              stack: changed("redis", { healthcheck: { tests: ["CMD-SHELL", line] } }),
              config: { "health-check-runs": "disabled" },
              on: "app_redis",
              says: ["in password (healthcheck.tests)"],
            },
          ],
        ]),
      ),
      "a client's option as a word": {
        stack: command("mysqladmin", "-phunter2hunter", "ping"),
        on: "app_redis",
        says: ["in password (command)"],
      },
      "users of a proxy, in a label": {
        stack: changed("redis", {
          labels: [
            { label: "io.xnai.service", value: "redis" },
            {
              label: "traefik.http.middlewares.a.basicauth.users",
              value: "admin:$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/",
            },
          ],
        }),
        on: "app_redis",
        says: ["a password's hash in traefik.http.middlewares.a.basicauth.users"],
      },
      "an annotation": {
        stack: changedFacts("redis", {
          annotations: [{ path: "annotations.db.password", name: "db.password", value: "hunter2hunter" }],
        }),
        on: "app_redis",
        says: ["db.password"],
      },
      "a hook": {
        stack: changedFacts("redis", {
          hooks: [
            {
              path: "post_start[0]",
              command: ["redis-cli", "-a", "hunter2hunter"],
              user: "",
              privileged: false,
              env: [],
            },
          ],
        }),
        on: "app_redis",
        says: ["post_start[0].command"],
      },
      "an option of a log driver": {
        stack: changed("redis", { logOpts: { "max-size": "10m", "splunk-token": "hunter2hunter" } }),
        on: "app_redis",
        says: ["splunk-token"],
      },
      "an option of a volume": {
        stack: changed("data", { driverOpts: { type: "cifs", o: "addr=10.0.0.9,username=a,password=hunter2hunter" } }),
        on: "app_qdrant_data",
        says: ["password (driverOpts.o)"],
      },
    },
    passes: {
      "a file instead": { stack: env("POSTGRES_PASSWORD_FILE=/run/secrets/pw", "TOKEN_FILE=/run/token") },
      "a path": { stack: env("REDIS_PASSWORD=/run/secrets/pw", "TLS_KEY_PASSWORD=./secret.txt") },
      "a reference": {
        stack: env(
          "A_PASSWORD=${OTHER}",
          "B_PASSWORD=$OTHER",
          "C_PASSWORD={{ .Env.X }}",
          "D_TOKEN={env.TOKEN}",
          "E_SECRET=$(cat /x)",
        ),
      },
      "a number of tokens": { stack: env("MAX_TOKENS=4096", "LLM_MAX_NEW_TOKENS=512", "CONTEXT_TOKENS=8192") },
      "what only looks like an assignment": {
        stack: env("FORMAT=token: %{token}", "PATTERN=password=[a-z]+", "SWITCHES=auth=true;token=none"),
      },
      "another program's options": { stack: command("tool", "-p", "8080", "-a", "127.0.0.1") },
      "a client that reads a file": {
        stack: command("sh", "-c", 'redis-cli -a "$(cat /run/secrets/pw)" ping; mysqladmin -p"$PW" ping'),
      },
      "an empty one": { stack: env("REDIS_PASSWORD=") },
      "about credentials, but none": {
        stack: env(
          "PASSWORD_MIN_LENGTH=12",
          "TOKEN_TTL=3600",
          "SECRET_ROTATION_ENABLED=true",
          "AUTH_TOKEN_HEADER=X-Token",
          "SECRET_FORCED_LANGUAGE=en",
          "SECRET_LOCAL_HOSTNAME=redis",
          "JWT_SECRET_ALGORITHM=HS256",
        ),
      },
      "a reference in a script": { stack: command("sh", "-c", 'export PASSWORD="$(cat /run/secrets/pw)"; exec tool') },
      "a digest": { stack: env(`IMAGE=redis@sha256:${"ab12".repeat(16)}`) },
      "a UUID": { stack: env("NODE_ID=123e4567-e89b-12d3-a456-426614174000") },
      "a long word": { stack: env("GREETING=thequickbrownfoxjumpsoverthelazydog") },
      "monkeys and tokenizers": { stack: env("MONKEY=banana", "TOKENIZERS_PARALLELISM=false", "KEYBOARD=de") },
    },
    absent: { stack: changed("redis", { envs: undefined, command: undefined }), verdict: "pass" },
    unknown: { stack: command("redis-server", unknown), path: "command[1]" },
    configured: {
      "known to hold none": {
        stack: env("PUBLIC_TOKEN=not-in-any-list"),
        config: { "no-plain-secret": { allowed: ["PUBLIC_TOKEN"] } },
        verdict: "pass",
      },
    },
  },
  {
    rule: "no-default-password",
    breaks: {
      changeme123: {
        stack: env("REDIS_PASSWORD=changeme123"),
        on: "app_redis",
        says: ["default password for REDIS_PASSWORD", "random.RandomPassword"],
      },
      vikunja123: { stack: env("POSTGRES_PASSWORD=vikunja123"), on: "app_redis", says: ["POSTGRES_PASSWORD"] },
      changeme_jwt: { stack: env("JWT_SECRET=changeme_jwt"), on: "app_redis", says: ["JWT_SECRET"] },
      "in capitals": { stack: env("DB_PASSWORD=Password"), on: "app_redis", says: ["DB_PASSWORD"] },
      "on the command line": {
        stack: command("redis-server", "--requirepass", "changeme123"),
        on: "app_redis",
        says: ["--requirepass"],
      },
      "in a health check, as a short option": {
        stack: changed("redis", { healthcheck: { tests: ["CMD", "redis-cli", "-a", "changeme123", "ping"] } }),
        on: "app_redis",
        says: ["default password"],
      },
      "in a file": {
        stack: changed("redis", {
          uploads: [{ file: "/redis.conf", content: "port 6379\nrequirepass changeme123\n" }],
        }),
        on: "app_redis",
        says: ["requirepass"],
      },
      "in a file, as YAML": {
        stack: changed("redis", { uploads: [{ file: "/c.yml", content: "database:\n  password: postgres\n" }] }),
        on: "app_redis",
        says: ["password"],
      },
    },
    passes: {
      "a user of that name": { stack: env("POSTGRES_USER=postgres", "POSTGRES_DB=vikunja") },
      "a generated one in a file": {
        stack: changed("redis", { uploads: [{ file: "/redis.conf", content: `requirepass ${random}` }] }),
      },
    },
    absent: { stack: changed("redis", { envs: undefined, command: undefined }), verdict: "pass" },
    unknown: { stack: env(unknown), path: "envs[0]" },
    configured: {
      "one's own old ones": {
        stack: env("DB_PASSWORD=/not/a/path/but/ours"),
        config: { "no-default-password": { passwords: ["/not/a/path/but/ours"] } },
        verdict: "violation",
      },
    },
  },
  {
    rule: "own-credentials",
    breaks: {
      "a user of everybody's": {
        stack: labelled("redis"),
        on: "app_redis",
        says: ["credential that others have", "(redis)"],
      },
    },
    passes: { "a user of its own": { stack: labelled() } },
    absent: { stack: labelled(), verdict: "pass" },
    unknown: { stack: labelled(unknown), path: "labels" },
    configured: {
      "one that cannot do otherwise": {
        stack: labelled("redis"),
        config: { "own-credentials": { containers: ["app_redis"] } },
        verdict: "pass",
      },
    },
  },
];
