// A compose project that is right in every respect: tests break one thing in it at a time.
import { stringify } from "yaml";

export type Service = Record<string, unknown>;
export interface Project {
  services: Record<string, Service>;
  networks?: Record<string, unknown>;
  volumes?: Record<string, unknown>;
  secrets?: Record<string, unknown>;
}

export const digest = `sha256:${"ab".repeat(32)}`;
export const good: Service = {
  image: `redis:8.2.1@${digest}`,
  user: "1000:1000",
  read_only: true,
  cap_drop: ["ALL"],
  security_opt: ["no-new-privileges:true"],
  mem_limit: "512m",
  memswap_limit: "512m",
  cpus: "1.0",
  pids_limit: 100,
  ulimits: { nofile: 1024 },
  restart: "unless-stopped",
  stop_grace_period: "30s",
  dns: ["127.0.0.1"],
  logging: { driver: "json-file", options: { "max-size": "10m" } },
  healthcheck: { test: ["CMD", "redis-cli", "ping"], interval: "30s" },
  networks: ["back"],
};

/** A project of one good service with some keys replaced; a value of undefined takes a key away. */
export function project(service: Service, more: Partial<Project> = {}): Project {
  return {
    services: { app: { ...good, ...service } },
    networks: { back: { internal: true }, default: { internal: true } },
    ...more,
  };
}

/** The text of a compose file. */
export const fileOf = (of: Project) => stringify(JSON.parse(JSON.stringify(of)));
