// Redis' users, and what each may do. Pure.
import { sha256 } from "../definition/secret.ts";

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

/**
 * users.acl. Clients use `default`, because that is what `redis-cli -a` and most libraries log in as. It may read and write
 * everything, and look; what administers or endangers the server is out of its reach.
 */
export function redisAcl(passwords: { default: string; health: string }): string {
  return `${[
    `user default on #${sha256(passwords.default)} ~* &* +@all -@admin -@dangerous ${alsoAllowed}`,
    `user health on #${sha256(passwords.health)} resetkeys resetchannels -@all +ping +info`,
  ].join("\n")}\n`;
}
