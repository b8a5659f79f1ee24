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

/** Where the commands in compose.yaml look for configuration and secrets. */
const configPath = "/run/xnai";

/**
 * The variables of compose.yaml. The data volumes are the stack's own, which `xnai destroy` leaves; the configuration goes
 * with the stack, so each service's is copied, as its container sees it, into a volume of its own.
 * @param stack is up
 */
export async function stackParts(stack: TestStack): Promise<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const [service, volumes] of Object.entries(data)) {
    const { Config, Mounts, State } = await stack.container(service).inspect();
    for (const [variable, path] of Object.entries(volumes)) {
      const name = Mounts.find(({ Destination }) => Destination === path)?.Name;
      if (!name) throw new Error(`${service} has no volume at ${path}`);
      variables[variable] = name;
    }
    const copy = `${stack.prefix}_compose_${service}_config`;
    await stack.docker.createVolume({ Name: copy });
    const { Mountpoint } = await stack.docker.getVolume(copy).inspect();
    await execa("cp", ["-a", `/proc/${State.Pid}/root${configPath}/.`, Mountpoint]);
    variables[`${service.toUpperCase()}_IMAGE`] = Config.Image;
    variables[`${service.toUpperCase()}_CONFIG`] = copy;
  }
  return variables;
}
