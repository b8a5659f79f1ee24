// What an app that was taken over tries, with the credentials that it has and without any. Programs and shell functions are
// those of the example (examples/foundation/programs).

import { reference } from "./reference.ts";

/** A limited app, of the example's image, that only waits. */
export const hostile = {
  image: "localhost/foundation/programs:latest",
  command: ["sleep", "1000000"],
  health: { command: ["true"] },
  redis: { keys: ["hostile:*"] },
  qdrant: { collections: { hostile: { size: 2 } } },
  vikunja: { projects: ["Hostile"] },
  env: {
    REDIS_USER: reference("redis.user"),
    REDIS_PASSWORD: reference("redis.password"),
    QDRANT_KEY: reference("qdrant.key"),
    VIKUNJA_TOKEN: reference("vikunja.token"),
  },
  limits: { memoryMiB: 64 },
};

/** The line behind which a shell has the app's own secrets and the functions that ask the services. */
export const prelude = ". /run/xnai/environment; . /app/common.sh";

const status = (host: string, port: number, path: string) =>
  `talk ${host} ${port} "GET ${path} HTTP/1.0$cr\nHost: ${host}$cr\n" | head -n 1`;
const bare = (command: string) => `talk redis 6379 "${command}$cr\nQUIT$cr" | head -n 1`;
const unknown = (name: string) => `nslookup ${name} >/dev/null 2>&1 || echo unknown`;

const ownProject = "vikunja PUT /projects/$(vikunja GET /projects | sed 's/^.{\"id\":\\([0-9]*\\),.*/\\1/')";
const unauthorized = /"code":11,/;

/** What it tries, the command in a shell, and what comes of it. */
export const attempts: [what: string, command: string, outcome: RegExp][] = [
  ["its own keys", 'redis "SET hostile:mine 1"', /^\+OK/],
  ["Redis without a password", bare("PING"), /^-NOAUTH/],
  ["Redis with a password that somebody might have left", bare("AUTH changeme123"), /^-WRONGPASS/],
  ["another app's key", 'redis "GET agent:coordinator"', /^-NOPERM/],
  ["another app's stream", 'redis "XRANGE bus:questions - +"', /^-NOPERM/],
  [
    "another app's key, by a script",
    `redis "EVAL \\"return redis.call('GET', 'agent:coordinator')\\" 0"`,
    /^-ERR.*can't access/,
  ],
  ["names of keys", 'redis "KEYS *"', /^-NOPERM/],
  ["names of keys, by and by", 'redis "SCAN 0"', /^-NOPERM/],
  ["users of Redis", 'redis "ACL LIST"', /^-NOPERM/],
  ["the settings of Redis", 'redis "CONFIG GET *"', /^-NOPERM/],
  ["a channel of others", 'redis "PUBLISH agents x"', /^-NOPERM/],
  ["everybody's data", 'redis "FLUSHALL"', /^-NOPERM/],
  ["its own collection", "qdrant GET /collections/hostile", /"status":"green"/],
  ["names of collections", "qdrant GET /collections", /^\{"result":\{"collections":\[\{"name":"hostile"\}\]/],
  ["another app's collection", "qdrant GET /collections/foundation", /Access to collection foundation is required/],
  [
    "the tokens of others",
    "qdrant POST /collections/xnai_tokens/points/scroll '{}'",
    /Access to collection xnai_tokens/,
  ],
  [
    "a collection that nobody gave it",
    `qdrant PUT /collections/more '{"vectors": {"size": 1, "distance": "Dot"}}'`,
    /is required/,
  ],
  ["Qdrant without a key", status("qdrant", 6333, "/collections"), / 40[13] /],
  ["Consul's keys without a token", "CONSUL_TOKEN=; consul PUT /v1/kv/x 1", /ermission denied/],
  ["Consul's nodes without a token", 'http consul 8500 GET /v1/catalog/nodes "" ""', /^\[\]/],
  [
    "a service in another's name",
    `CONSUL_TOKEN=; consul PUT /v1/agent/service/register '{"Name": "redis"}'`,
    /ermission denied/,
  ],
  ["its own project in Vikunja", `${ownProject}/tasks '{"title": "mine"}'`, /"title":"mine"/],
  ["projects of others in Vikunja", 'vikunja GET /projects | grep -o \'"title":"[^"]*"\'', /^"title":"Hostile"$/],
  ["to see who else is in its project", "vikunja GET /projects/1/users", unauthorized],
  ["to share its project with somebody", `vikunja PUT /projects/1/users '{"username": "xnai"}'`, unauthorized],
  ["a token of Vikunja that does not end", `vikunja PUT /tokens '{"title": "x"}'`, unauthorized],
  ["who it is in Vikunja", "vikunja GET /user", unauthorized],
  ["tasks in Vikunja without a token", status("caddy", 8000, "/vikunja/api/v1/projects"), / 401 /],
  ["Vikunja past Caddy", unknown("vikunja"), /^unknown/],
  ["Postgres", unknown("postgres"), /^unknown/],
  ["a name outside", unknown("example.org"), /^unknown/],
  ["the engine", "ls /var/run/docker.sock /run/docker.sock /run/podman 2>&1 | grep -vc 'No such file'", /^0/],
  [
    "root",
    "grep -E '^(CapEff|CapBnd|NoNewPrivs)' /proc/self/status | tr -d '\\t\\n'; id -u",
    /CapEff:0+CapBnd:0+NoNewPrivs:11000$/,
  ],
  ["its own program", "touch /app/send.sh 2>&1", /Read-only file system/],
  ["secrets of others", "ls /run/xnai | sort | tr '\\n' ' '", /^busybox environment/],
  ["other apps, which is allowed", status("rag_api", 8000, "/health"), / 200 /],
];
