// What compose.yaml takes from a stack of ours that runs: images, data volumes, and copies of the configuration.
import { execa } from "execa";
import type { TestStack } from "../../support/stack.ts";

/** Container -> variable in compose.yaml -> where the volume with the data is mounted. */
const data: Record<string, Record<string, string>> = {
  redis: { REDIS_DATA: "/data" },
  vikunja: { VIKUNJA_FILES: "/app/vikunja/files" },
  vikunja_db: { VIKUNJA_DB_DATA: "/var/lib/postgresql/data" },
  consul: { CONSUL_DATA: "/consul/data" },
  caddy: { CADDY_DATA: "/data" },
  qdrant: { QDRANT_STORAGE: "/qdrant/storage", QDRANT_SNAPSHOTS: "/qdrant/snapshots" },
};

/**
 * The variables of compose.yaml. The data volumes are the stack's own, which `xnai destroy` leaves; the configuration goes
 * with the stack, so each service's is copied.
 * @param stack is up
 */
export async function stackParts(stack: TestStack): Promise<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const [service, volumes] of Object.entries(data)) {
    const { Config, Mounts } = await stack.container(service).inspect();
    for (const [variable, path] of Object.entries(volumes)) {
      const name = Mounts.find(({ Destination }) => Destination === path)?.Name;
      if (!name) throw new Error(`${service} has no volume at ${path}`);
      variables[variable] = name;
    }
    variables[`${service.toUpperCase()}_IMAGE`] = Config.Image;
    variables[`${service.toUpperCase()}_CONFIG`] = await configurationCopy(stack, service, "compose");
  }
  return variables;
}

/** Where containers of the stack look for configuration and secrets. */
export const configPath = "/run/xnai";

/**
 * Copies the configuration of a service, as its container sees it, into a volume of its own.
 * @param whose part of the volume's name
 * @returns the volume's name
 */
export async function configurationCopy(stack: TestStack, service: string, whose: string): Promise<string> {
  const { State } = await stack.container(service).inspect();
  const copy = `${stack.prefix}_${whose}_${service}_config`;
  await stack.docker.createVolume({ Name: copy });
  const { Mountpoint } = await stack.docker.getVolume(copy).inspect();
  await execa("cp", ["-a", `/proc/${State.Pid}/root${configPath}/.`, Mountpoint]);
  return copy;
}
