// Every name that a stack takes on the engine. Kept in step with the components by a test.
import type { StackConfig } from "./config/schema.ts";
import { containerSuffix, type ServiceName, serviceNames } from "./constants.ts";
import { networkNames } from "./engine/network-names.ts";

/** Jobs besides the preparing one that every service has: what follows the prefix. */
const furtherJobs: Partial<Record<ServiceName, string[]>> = {
  consul: ["consul_acl"],
  postgres: ["vikunja_db_setup"],
  vikunja: ["vikunja_user", "vikunja_user_prepare"],
};

/** Volumes of a service: what follows `<prefix>_<service>_`. */
const parts: Record<ServiceName, { data: string[]; config: string[] }> = {
  caddy: { data: ["data"], config: ["config"] },
  redis: { data: ["data"], config: ["config"] },
  vikunja: { data: ["files"], config: ["config", "user-config"] },
  postgres: { data: ["data"], config: ["config"] },
  consul: { data: ["data"], config: ["config"] },
  qdrant: { data: ["storage", "snapshots"], config: ["config"] },
};

export interface Names {
  containers: string[];
  networks: string[];
  volumes: string[];
}

/** Names of what `up` makes or already has. Data volumes exist for services that are off, too. */
export function namesOf({ prefix, services, storage, egress }: StackConfig): Names {
  const on = serviceNames.filter((name) => services[name]);
  const volumes = (kind: "data" | "config", names: readonly ServiceName[]) =>
    names.flatMap((name) => parts[name][kind].map((part) => `${prefix}_${name}_${part}`));
  const { egress: outside, ...networks } = networkNames(prefix);
  return {
    containers: on
      .flatMap((name) => [containerSuffix[name], `${containerSuffix[name]}_prepare`, ...(furtherJobs[name] ?? [])])
      .map((suffix) => `${prefix}_${suffix}`),
    networks: [...Object.values(networks), ...(egress.length > 0 ? [outside] : [])],
    volumes: [...volumes("config", on), ...(storage.root === undefined ? volumes("data", serviceNames) : [])],
  };
}
