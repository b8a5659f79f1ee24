// Redis, the agent bus: append-only file, passwords as hashes in an ACL file, nothing dangerous for its clients.
import { scriptCommand } from "../../lib/shell.ts";
import { hostAddress } from "../definition/binding.ts";
import type { Client } from "../definition/clients.ts";
import { onThisMachine } from "../definition/presentation.ts";
import { secretItself, secretText } from "../definition/secret.ts";
import { configPath, type ServiceDefinition } from "../definition/service.ts";
import { isDefaultUser, userOf, usersFile } from "./acl.ts";
import { checkMemory, redisForApps, redisKeys } from "./config.ts";
import { evictionWarning } from "./eviction.ts";
import { redisPreset } from "./preset.ts";
import { redisConf } from "./redis-conf.ts";
import { healthPassword, redisContainer, redisServer, statsCommand } from "./server.ts";

const usersPath = `${configPath}/users.acl`;

const login = (client: Client) =>
  isDefaultUser(client)
    ? { user: "default", password: "redisPassword" }
    : { user: userOf(client), password: client.secret("password") };

const published = { name: "redis", ports: { port: { container: 6379, host: 6379 } } };

export const redis: ServiceDefinition = {
  ...published,
  ...redisServer,
  type: "xnai:index:Redis",
  image: { hub: "redis:8.2.3-alpine@sha256:08ad0b1d280850169a790dba1393ff7a90aef951fc19632cf4d3ce4f78e679ba" },
  keys: redisKeys,
  check: checkMemory,
  secrets: { redisPassword: {}, redisHealthPassword: {} },
  files: (config) => ({
    "redis.conf": redisConf(config.redis),
    "users.acl": usersFile(config),
    "health.password": secretItself("redisHealthPassword"),
  }),
  reload: {
    files: [],
    command: scriptCommand("sh", import.meta.dirname, "users.sh", [usersPath, healthPassword]),
  },
  container: ({ redis }) => redisContainer(redis, "redis"),
  warning: { command: statsCommand, read: (stats, { redis }) => evictionWarning(stats, redis) },
  preset: redisPreset,
  outputs: (config) => [
    { name: "redisAddress", title: "address", value: hostAddress(config, published) },
    { name: "redisPassword", title: "password of user default", value: secretItself("redisPassword") },
  ],
  forApps: {
    keys: { redis: redisForApps.optional() },
    secrets: { password: {} },
    shared: (client) => (isDefaultUser(client) ? ["user", "password", "url"] : []),
    offers: {
      host: "redis",
      port: "6379",
      user: (client) => login(client).user,
      password: (client) => secretItself(login(client).password),
      url: (client) => {
        const { user, password } = login(client);
        return secretText([password], (text) => `redis://${user}:${text}@redis:6379/0`);
      },
    },
  },
  card: (config) => ({
    title: "Redis",
    what: "The bus between agents. Needs a password.",
    places: [["Containers", "redis:6379"], ...onThisMachine(hostAddress(config, published))],
    links: [],
  }),
  catalogueEntry: () => ({ address: "redis", port: 6379, check: { tcp: "redis:6379" } }),
};
