// Postgres, Vikunja's database: a network of their own, passwords everywhere, and no password in the server's reach but
// the superuser's own.
import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../config/schema.ts";
import { configPath } from "../constants.ts";
import { generatedSecret } from "../engine/secrets.ts";
import { Service, type ServiceArgs, type ServiceSpec } from "../engine/service.ts";
import { dataPath, pgHba, pgpass, postgresMemory, postgresqlConf, rolesSql, vikunjaRole } from "./conf.ts";
import { postgresSetup, postgresStart } from "./setup.ts";

export interface PostgresPasswords {
  superuser: pulumi.Input<string>;
  /** Of the role that Vikunja uses. */
  vikunja: pulumi.Input<string>;
}

const defaultMemoryMiB = 256;

/** The container's limit, from which Postgres' own settings follow. */
export const postgresMemoryMiB = (config: StackConfig) => config.resources.postgres?.memoryMiB ?? defaultMemoryMiB;

/** Postgres in plain values. The image's entrypoint is not used: the setup Job does its work, on every image alike. */
export function postgresSpec(config: StackConfig, passwords: PostgresPasswords): ServiceSpec {
  const secret = (render: (all: { superuser: string; vikunja: string }) => string) =>
    pulumi.secret(
      pulumi
        .all([passwords.superuser, passwords.vikunja])
        .apply(([superuser, vikunja]) => render({ superuser, vikunja })),
    );
  return {
    service: "postgres",
    entrypoint: ["sh", "-c", postgresStart],
    env: { PGPASSFILE: `${configPath}/pgpass` },
    files: {
      "postgresql.conf": postgresqlConf(postgresMemory(postgresMemoryMiB(config))),
      "pg_hba.conf": pgHba,
      "pg_ident.conf": "# Nobody is mapped.\n",
      "roles.sql": secret(rolesSql),
      pgpass: secret(({ superuser }) => pgpass(superuser)),
    },
    data: { data: dataPath },
    setup: postgresSetup,
    tmpfs: {
      "/tmp": "rw,noexec,nosuid,nodev,size=16m,mode=1777",
      "/var/run/postgresql": "rw,noexec,nosuid,nodev,size=1m,mode=1777",
    },
    networks: { db: "postgres" },
    // Over TCP, as Vikunja comes; needs no password.
    health: { test: ["pg_isready", "-q", "-h", "127.0.0.1", "-U", vikunjaRole, "-d", vikunjaRole] },
    stopSignal: "SIGINT",
    stopGraceSeconds: 120,
    limits: { memoryMiB: defaultMemoryMiB, cpus: 1 },
  };
}

export class Postgres extends pulumi.ComponentResource {
  public readonly service: Service;
  public readonly superuserPassword: pulumi.Output<string>;
  public readonly vikunjaPassword: pulumi.Output<string>;

  constructor(name: string, args: ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("xnai:index:Postgres", name, {}, opts);
    const own = { parent: this };
    this.superuserPassword = generatedSecret("postgresPassword", args.config, own);
    this.vikunjaPassword = generatedSecret("vikunjaDatabasePassword", args.config, own);
    const passwords = { superuser: this.superuserPassword, vikunja: this.vikunjaPassword };
    this.service = new Service("postgres", postgresSpec(args.config, passwords), args, own);
    this.registerOutputs({});
  }
}
