import { changed, type RuleCases, unknown } from "../case.ts";

const env = (...envs: unknown[]) => changed("redis", { envs });
const command = (...words: unknown[]) => changed("redis", { command: words });
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
    },
    passes: {
      "a file instead": { stack: env("POSTGRES_PASSWORD_FILE=/run/secrets/pw", "TOKEN_FILE=/run/token") },
      "a path": { stack: env("REDIS_PASSWORD=/run/secrets/pw") },
      "an empty one": { stack: env("REDIS_PASSWORD=") },
      "about credentials, but none": {
        stack: env(
          "PASSWORD_MIN_LENGTH=12",
          "TOKEN_TTL=3600",
          "SECRET_ROTATION_ENABLED=true",
          "AUTH_TOKEN_HEADER=X-Token",
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
];
