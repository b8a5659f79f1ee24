// Postgres, with Vikunja's database and those of apps: networks of their own, passwords everywhere, and no password in the
// server's reach but the superuser's own.
import { scriptCommand } from "../../lib/shell.ts";
import { scratch } from "../definition/container.ts";
import { secretItself, secretText } from "../definition/secret.ts";
import { configPath, type ServiceDefinition } from "../definition/service.ts";
import { closeRoles } from "./app-database.ts";
import { checkDatabases } from "./check-databases.ts";
import { appDatabases, forApps } from "./clients.ts";
import { postgresDamage } from "./damage.ts";
import {
  confFile,
  dataPath,
  defaultMemoryMiB,
  hbaFile,
  lockFile,
  postgresMemory,
  postgresMemoryMiB,
  postgresqlConf,
} from "./postgresql-conf.ts";
import { pgpass, rolesSql, vikunjaRole } from "./roles.ts";
import { postgresSetup } from "./setup.ts";

export const postgres: ServiceDefinition = {
  name: "postgres",
  type: "xnai:index:Postgres",
  containerSuffix: "vikunja_db",
  image: { hub: "postgres:17.11-alpine@sha256:b0f9560a2de083e2cc7382e75f808c7381a32852a7ec49117deedb300e552b24" },
  secrets: { postgresPassword: {}, vikunjaDatabasePassword: {} },
  data: { data: dataPath },
  files: (config) => ({
    "postgresql.conf": postgresqlConf(postgresMemory(postgresMemoryMiB(config))),
    "pg_hba.conf": hbaFile(appDatabases(config)),
    "pg_ident.conf": "# Nobody is mapped.\n",
    "roles.sql": secretText(["postgresPassword", "vikunjaDatabasePassword"], (superuser, vikunja) =>
      rolesSql({ superuser, vikunja }),
    ),
    pgpass: secretText(["postgresPassword"], pgpass),
  }),
  // Apps come and go: pg_hba.conf is read anew.
  reload: { files: [], command: closeRoles, signal: "SIGHUP" },
  check: checkDatabases,
  forApps,
  tasks: { setup: postgresSetup },
  damage: postgresDamage,
  container: () => ({
    // The image's entrypoint is not used: the setup task does its work, on every image alike.
    entrypoint: scriptCommand("sh", import.meta.dirname, "start.sh", [lockFile, confFile]),
    env: { PGPASSFILE: `${configPath}/pgpass` },
    tmpfs: { "/tmp": scratch(16), "/var/run/postgresql": scratch(1) },
    networks: { db: "postgres" },
    // Over TCP, as Vikunja comes; needs no password.
    health: { test: ["pg_isready", "-q", "-h", "127.0.0.1", "-U", vikunjaRole, "-d", vikunjaRole] },
    stopSignal: "SIGINT",
    stopGraceSeconds: 120,
    limits: { memoryMiB: defaultMemoryMiB, cpus: 1 },
  }),
  outputs: () => [
    { name: "postgresPassword", title: "password of user postgres", value: secretItself("postgresPassword") },
  ],
};
