// Redis' users, and what each may do. Pure.

import type { StackConfig } from "../config/keys/base.ts";
import { type Client, clientsOf } from "../definition/clients.ts";
import { type SecretText, secretText, sha256 } from "../definition/secret.ts";

/** Bytes of two lines with a hash each. Without them Redis would let everybody in. */
export const leastAclBytes = 128;

/**
 * What libraries ask for besides, of the commands that Redis counts as dangerous or administration: RQ and BullMQ list the
 * clients (which shows everybody's names and addresses), others sort and ask for the server's role. INFO is among them;
 * CLIENT SETINFO comes with `+@all`, and named here would stop 7.0, which does not know it. docs/redis.md has who was tried.
 */
const alsoAllowed = ["info", "keys", "client|list", "sort", "sort_ro", "role"]
  .map((command) => `+${command}`)
  .join(" ");

/** What a client may ask for. */
const clientRights = `+@all -@admin -@dangerous ${alsoAllowed}`;

/**
 * What would show names of keys, channels and clients to a user that is limited to some of them, or end what others are doing:
 * commands without a key, which Redis does not hold to a user's patterns (tried on 7.0). CLIENT TRACKING tells of every key
 * that changes. Libraries load scripts, so that stays.
 */
const limitedRights = [
  clientRights,
  ...["keys", "scan", "randomkey", "pubsub", "client|list", "client|tracking", "function", "script"].map(
    (command) => `-${command}`,
  ),
  "+script|load +script|exists",
].join(" ");

/**
 * The users of the stack itself. Clients on the host use `default`, because that is what `redis-cli -a` and most libraries log
 * in as. It may read and write everything, and look; what administers or endangers the server is out of its reach.
 */
export function redisAcl(passwords: { default: string; health: string }): string {
  return `${[
    `user default on #${sha256(passwords.default)} ~* &* ${clientRights}`,
    `user health on #${sha256(passwords.health)} resetkeys resetchannels -@all +ping +info`,
  ].join("\n")}\n`;
}

/** Who makes and removes users in the running server (users.sh). Its password is made from another one that never leaves it. */
const keeper = (health: string) =>
  `user acl on #${sha256(sha256(`acl ${health}`))} resetkeys resetchannels -@all +acl|list +acl|setuser +acl|deluser\n`;

/** The user of an app; no user of the stack's has a name that begins like this. */
export const userOf = ({ name }: Pick<Client, "name">) => `app-${name}`;

/** Whether an app logs in as `default`, because it can send a password only. */
export const isDefaultUser = ({ app: { redis } }: Client) => redis !== undefined && "user" in redis;

function userLine(client: Client, password: string): string {
  const { redis } = client.app;
  const limits = redis && "keys" in redis ? redis : undefined;
  const places = limits
    ? [
        "resetkeys",
        "resetchannels",
        ...limits.keys.map((key) => `~${key}`),
        ...limits.channels.map((name) => `&${name}`),
      ]
    : ["~*", "&*"];
  return `user ${userOf(client)} on #${sha256(password)} ${places.join(" ")} ${limits ? limitedRights : clientRights}\n`;
}

/** users.acl: the users of apps come and go while Redis runs. */
export function usersFile(config: StackConfig): SecretText {
  const clients = clientsOf(config, "redis").filter((client) => !isDefaultUser(client));
  const own = clients.map(({ secret }) => secret("password"));
  const lines = (...passwords: string[]) =>
    clients.map((client, index) => userLine(client, passwords[index] as string)).join("");
  const stack = ["redisPassword", "redisHealthPassword"] as const;
  return {
    ...secretText(
      [...stack, ...own],
      (password = "", health = "", ...passwords) =>
        redisAcl({ default: password, health }) + keeper(health) + lines(...passwords),
      leastAclBytes,
    ),
    parts: {
      restart: secretText(stack, (password, health) => redisAcl({ default: password, health })),
      ...(clients.length > 0 && { live: secretText(own, lines) }),
    },
  };
}
