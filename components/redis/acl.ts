// Redis' users, and what each may do. Pure.
import { sha256 } from "../definition/secret.ts";

/** Bytes of two lines with a hash each. Without them Redis would let everybody in. */
export const leastAclBytes = 128;

/**
 * users.acl. Clients use `default`, because that is what `redis-cli -a` and most libraries log in as. It may read and write
 * everything, and look (`info`, `keys`); what administers or endangers the server is out of its reach.
 */
export function redisAcl(passwords: { default: string; health: string }): string {
  return `${[
    `user default on #${sha256(passwords.default)} ~* &* +@all -@admin -@dangerous +info +keys`,
    `user health on #${sha256(passwords.health)} resetkeys resetchannels -@all +ping`,
  ].join("\n")}\n`;
}
