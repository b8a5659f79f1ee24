// The services of a stack as a plain `docker run` would start them: the same images, commands, environment, files and data, and
// nothing of what the stack hardens: no limits, no read-only root, all capabilities that Docker gives, one network for all.
import type Docker from "dockerode";
import { execa } from "execa";
import type { TestStack } from "../../support/stack.ts";
import { configPath, configurationCopy } from "../compose/stack-parts.ts";

/** Container -> its names for others, and container port -> port on the host. */
const plain: Record<string, { aliases: string[]; ports?: Record<number, number> }> = {
  redis: { aliases: ["redis"], ports: { 6379: 16379 } },
  qdrant: { aliases: ["qdrant"], ports: { 6333: 16333 } },
  vikunja_db: { aliases: ["postgres"] },
  vikunja: { aliases: ["vikunja"] },
  caddy: { aliases: ["caddy"], ports: { 8000: 18000 } },
};

/** What was added to the port of the stack. */
export const portOffset = 10_000;

interface Described {
  name: string;
  info: Docker.ContainerInspectInfo;
  /** Copy of its configuration. */
  config: string;
}

export class PlainContainers {
  readonly #stack: TestStack;
  readonly #described: Described[];
  readonly #network: string;

  private constructor(stack: TestStack, described: Described[]) {
    this.#stack = stack;
    this.#described = described;
    this.#network = `${stack.prefix}_plain`;
  }

  /** Looks at the containers. @param stack is up */
  static async of(stack: TestStack): Promise<PlainContainers> {
    const described: Described[] = [];
    for (const name of Object.keys(plain)) {
      const info = await stack.container(name).inspect();
      described.push({ name, info, config: await configurationCopy(stack, name, "plain") });
    }
    return new PlainContainers(stack, described);
  }

  /** Copies the data and starts them. The stack is down, so that the data is whole. */
  async start(): Promise<void> {
    const { docker, prefix } = this.#stack;
    await docker.createNetwork({ Name: this.#network });
    for (const { name, info, config } of this.#described) {
      const { aliases, ports = {} } = plain[name] ?? { aliases: [] };
      const { Image, Entrypoint, Cmd, Env, User } = info.Config;
      const data = info.Mounts.filter(({ Destination, Type }) => Type === "volume" && Destination !== configPath);
      const binds = await Promise.all(
        data.map(async (mount) => `${await this.#copied(mount.Name)}:${mount.Destination}`),
      );
      const bound = Object.entries(ports).map(([port, host]) => [
        `${port}/tcp`,
        [{ HostIp: "127.0.0.1", HostPort: `${host}` }],
      ]);
      const container = await docker.createContainer({
        name: `${prefix}_plain_${name}`,
        ...{ Image, Entrypoint, Cmd, Env, User },
        ExposedPorts: Object.fromEntries(bound.map(([port]) => [port, {}])),
        HostConfig: {
          NetworkMode: this.#network,
          Binds: [...binds, `${config}:${configPath}:ro`],
          // Places to write to that the images do not have for this user.
          Tmpfs: info.HostConfig.Tmpfs,
          PortBindings: Object.fromEntries(bound),
        },
        NetworkingConfig: { EndpointsConfig: { [this.#network]: { Aliases: aliases } } },
      });
      await container.start();
    }
  }

  /** Also after a start that has not come to its end. */
  async remove(): Promise<void> {
    const { docker, prefix } = this.#stack;
    for (const { name } of this.#described)
      await docker.getContainer(`${prefix}_plain_${name}`).remove({ force: true, v: true }).catch(unlessMissing);
    await docker.getNetwork(this.#network).remove().catch(unlessMissing);
  }

  /** A volume with the same in it. @returns its name */
  async #copied(volume = ""): Promise<string> {
    const { docker, prefix } = this.#stack;
    const copy = volume.replace(prefix, `${prefix}_plain`);
    await docker.createVolume({ Name: copy });
    const [from, to] = await Promise.all([volume, copy].map((name) => docker.getVolume(name).inspect()));
    await execa("cp", ["-a", `${from?.Mountpoint}/.`, `${to?.Mountpoint}`]);
    return copy;
  }
}

function unlessMissing(error: { statusCode?: number }): void {
  if (error.statusCode !== 404) throw error;
}
