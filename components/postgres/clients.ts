// Postgres as apps see it: each has a database and a role of its own, on a network without Vikunja. Pure.
import type { StackConfig } from "../config/keys/base.ts";
import { type Client, type ForApps, ownersOf } from "../definition/clients.ts";
import { secretItself, secretText } from "../definition/secret.ts";
import { appDatabaseSql, psql, reasonIn } from "./app-database.ts";
import { databaseKeys, databaseName } from "./config.ts";
import { appConnections, postgresMemory, postgresMemoryMiB } from "./postgresql-conf.ts";

const service = "postgres";
const port = "5432";

const nameOf = ({ name, app }: Client) => databaseName(name, app.database?.name);

/** Names of the databases of all apps. */
export const appDatabases = (config: StackConfig): string[] => ownersOf(config, { name: service, forApps }).map(nameOf);

export const forApps: ForApps = {
  reference: "database",
  keys: { database: databaseKeys },
  secrets: { password: {} },
  as: ({ database }) => database?.of,
  network: "databases",
  offers: {
    host: service,
    port,
    name: nameOf,
    user: nameOf,
    password: ({ secret }) => secretItself(secret("password")),
    url: (client) =>
      secretText([client.secret("password")], (password) => {
        const name = nameOf(client);
        return `postgresql://${name}:${password}@${service}:${port}/${name}`;
      }),
  },
  task: (client, config) => {
    const database = {
      app: client.name,
      name: nameOf(client),
      extensions: client.app.database?.extensions ?? [],
      connections: appConnections(postgresMemory(postgresMemoryMiB(config)), appDatabases(config).length),
    };
    return {
      title: `giving ${client.name} its database`,
      command: psql,
      input: secretText([client.secret("password")], (password) => appDatabaseSql(database, password)),
      wanted: {
        database: database.name,
        extensions: database.extensions.join(", "),
        connections: `${database.connections}`,
      },
      reason: reasonIn,
    };
  },
};
