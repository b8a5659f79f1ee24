// What the stack's networks are called. Pure: the `xnai` command reads it too.

/** `main` is the network that the user's own containers join; `egress` exists only if a service may reach outside. */
export type NetworkName = "main" | "web" | "db" | "egress";

/** Names on the engine. */
export const networkNames = (prefix: string): Record<NetworkName, string> => ({
  main: `${prefix}_network`,
  web: `${prefix}_web`,
  db: `${prefix}_db`,
  egress: `${prefix}_egress`,
});
