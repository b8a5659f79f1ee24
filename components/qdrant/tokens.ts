// Tokens for the collections of an app, signed with Qdrant's key: https://qdrant.tech/documentation/guides/security (JWT). Nobody
// keeps them; so that one can be revoked, it counts only while a collection of the stack's own has a point for it. Pure.
import { createHmac } from "node:crypto";
import type { StackConfig } from "../config/keys/base.ts";
import { type Client, clientsOf } from "../definition/clients.ts";
import { type SecretText, secretItself, secretText, sha256 } from "../definition/secret.ts";

/** Has a point for each token that is valid. */
export const tokenCollection = "xnai_tokens";

/** The key that opens everything, and signs. */
export const keySecret = "qdrantKey";

/** The key that reads everything. */
export const readOnlyKeySecret = "qdrantReadOnlyKey";

/** Role of the secret that tells one token of an app from the next. */
export const tokenRole = "token";

/** Apps that have said which collections they use. */
export const tokenClients = (config: StackConfig): Client[] =>
  clientsOf(config, "qdrant").filter(({ app }) => app.qdrant !== undefined);

const modes = { read: "r", write: "rw" } as const;

const accessOf = ({ app: { qdrant } }: Client) =>
  Object.entries(qdrant?.collections ?? {}).map(([collection, { access }]) => ({ collection, access: modes[access] }));

/**
 * What the present token of an app is called in the collection: another one with another secret, and with other collections, so
 * that a token for more than these ends. Says nothing of the secret.
 */
export const tokenId = (client: Client, secret: string) =>
  sha256(`qdrant token ${secret} ${JSON.stringify(accessOf(client))}`).slice(0, 32);

/** What a token says. */
const claims = (client: Client, secret: string): object => ({
  subject: client.name,
  access: accessOf(client),
  value_exists: { collection: tokenCollection, matches: [{ key: "token", value: tokenId(client, secret) }] },
});

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A JSON Web Token (RFC 7519), HMAC with SHA-256. */
export function signed(payload: object, key: string): string {
  const text = `${part({ alg: "HS256", typ: "JWT" })}.${part(payload)}`;
  return `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`;
}

/** What an app logs in with: its token, or everybody's key where it has not said which collections it uses. */
export function appKey(client: Client, everybodys: string): SecretText {
  if (client.app.qdrant === undefined) return secretItself(everybodys);
  return secretText([keySecret, client.secret(tokenRole)], (key, secret) => signed(claims(client, secret), key));
}
