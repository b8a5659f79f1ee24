// Plain values that the components, the policies and the `xnai` command share. No logic, no imports.

/** The services of the stack, in the order in which `status` lists them. */
export const serviceNames = ["caddy", "redis", "vikunja", "postgres", "consul", "qdrant"] as const;
export type ServiceName = (typeof serviceNames)[number];

/** What follows the prefix in a container's name: `xnai_redis`, `xnai_vikunja_db`. */
export const containerSuffix: Record<ServiceName, string> = {
  caddy: "caddy",
  redis: "redis",
  vikunja: "vikunja",
  postgres: "vikunja_db",
  consul: "consul",
  qdrant: "qdrant",
};

/**
 * The only services that may publish, and the container port behind each of their configuration keys
 * (`exposure.<service>.<key>`). Vikunja's 3456 and Postgres' 5432 are not here and cannot be published.
 */
export const publishablePorts = {
  caddy: { port: 8000 },
  redis: { port: 6379 },
  consul: { port: 8500 },
  qdrant: { port: 6333, grpcPort: 6334 },
} as const;
export type PublishableService = keyof typeof publishablePorts;

/** What a preparing Job prints before its reason when it fails; whoever reads its log looks for this. */
export const jobFailureMark = "xnai-job-failed:";

/** Where every service finds its configuration and secrets: a volume, mounted read-only. */
export const configPath = "/run/xnai";
