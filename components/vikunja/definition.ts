// Vikunja, tasks and projects: reachable through Caddy only, registration closed, nothing that calls out.
import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../config/schema.ts";
import { generatedSecret } from "../engine/secrets.ts";
import { Service, type ServiceArgs, type ServiceSpec } from "../engine/service.ts";
import { FirstUser } from "./first-user.ts";
import { defaultMemoryMiB, vikunjaEnv, vikunjaFiles, vikunjaProgram } from "./settings.ts";

export interface VikunjaSecrets {
  database: pulumi.Input<string>;
  /** Signs the tokens of everybody who logs in. */
  signing: pulumi.Input<string>;
}

/** Vikunja takes any key, even an empty one, with which everybody could sign. */
const leastSigningKeyBytes = 32;

/** Vikunja in plain values. The image is nothing but the program: no shell, and health checks without one. */
export function vikunjaSpec(config: StackConfig, secrets: VikunjaSecrets): ServiceSpec {
  return {
    service: "vikunja",
    command: ["web"],
    env: vikunjaEnv(config),
    files: { "database.password": secrets.database, "signing.key": secrets.signing },
    minimumBytes: { "signing.key": leastSigningKeyBytes },
    data: { files: vikunjaFiles },
    // Exports are put together here.
    tmpfs: { "/tmp": "rw,noexec,nosuid,nodev,size=64m,mode=1777" },
    networks: { web: "vikunja", db: "vikunja" },
    // Opens a connection to the database of its own, and takes 0.2 s of CPU.
    health: { test: [vikunjaProgram, "healthcheck"], intervalSeconds: 5, timeoutSeconds: 10 },
    // SIGTERM would end it at once, with requests under way.
    stopSignal: "SIGINT",
    stopGraceSeconds: 20,
    limits: { memoryMiB: defaultMemoryMiB, cpus: 1 },
  };
}

export interface VikunjaArgs extends ServiceArgs {
  /** Postgres, without which it does not run. */
  stopsWith: Service[];
  databasePassword: pulumi.Input<string>;
}

export class Vikunja extends pulumi.ComponentResource {
  public readonly service: Service;
  /** Of the first user, as it was made; the user may have changed it. */
  public readonly userPassword: pulumi.Output<string>;

  constructor(name: string, args: VikunjaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("xnai:index:Vikunja", name, {}, opts);
    const own = { parent: this };
    const { config, databasePassword } = args;
    const signing = generatedSecret("vikunjaSecret", config, own, 64);
    this.service = new Service("vikunja", vikunjaSpec(config, { database: databasePassword, signing }), args, own);
    this.userPassword = new FirstUser("vikunja-user", { ...args, service: this.service }, own).password;
    this.registerOutputs({});
  }
}
