// A network that comes while services run: one of them joins it as it is, without a restart. The provider makes a container anew
// for another network, and lets none go that a container is on: so the program makes it itself, and markers stand for it.
import type * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import { label } from "../../lib/labels.ts";
import { ignore } from "./api/ignore.ts";
import { follows, Marker } from "./tasks/marker.ts";

/** As it stands in the keepers, where policies read it. */
export interface LiveDescription {
  name: string;
  driver: "bridge";
  internal: true;
  options: Record<string, string>;
  labels: Record<string, string>;
}

/** The marker of such a network. */
export class LiveNetwork extends Marker {
  constructor(
    name: string,
    { description, engine }: { description: LiveDescription; engine: Docker },
    opts: pulumi.CustomResourceOptions,
  ) {
    super(
      name,
      {
        title: `making the network ${description.name}`,
        keepers: { network: JSON.stringify(description) },
        work: async () => {
          await makeLiveNetwork(engine, description);
          return [];
        },
      },
      opts,
    );
  }
}

/** Makes it, unless it is there. One of the stack's that is another one than described is made anew. */
export async function makeLiveNetwork(docker: Docker, description: LiveDescription): Promise<void> {
  const { name, driver, labels, options, internal } = description;
  const found = await docker.getNetwork(name).inspect().catch(ignore(404));
  if (found) {
    if (found.Labels?.[label.stack] !== labels[label.stack])
      throw new Error(
        `the network name ${name} is taken by a network that this stack did not make: remove it, or set another prefix`,
      );
    const asMade = Object.entries(options).every(([option, value]) => found.Options?.[option] === value);
    if (found.Internal && asMade) return;
    await docker.getNetwork(name).remove();
  }
  await docker.createNetwork({ Name: name, Driver: driver, Internal: internal, Labels: labels, Options: options });
}

/** Who joins which network, as it stands in the keepers. */
export interface Joining {
  /** Name of the container. */
  container: string;
  network: string;
  /** What others on it call the container by. */
  alias: string;
}

/** The marker of a container on such a network; a container that is made anew joins it again. */
export class Joined extends Marker {
  /** @param of what it does in words, who joins what, and both as resources */
  constructor(
    name: string,
    of: {
      title: string;
      joining: Joining;
      container: pulumi.CustomResource;
      network: pulumi.CustomResource;
      engine: Docker;
    },
    opts: pulumi.CustomResourceOptions,
  ) {
    const { title, joining, container, network, engine } = of;
    super(
      name,
      {
        title,
        keepers: { joins: JSON.stringify(joining), follows: follows([container, network]) },
        work: async () => {
          await join(engine, joining);
          return [];
        },
      },
      opts,
    );
  }
}

/** Puts a container on a network, unless it is on it. */
export async function join(docker: Docker, { container, network, alias }: Joining): Promise<void> {
  const { NetworkSettings } = await docker.getContainer(container).inspect();
  if (NetworkSettings.Networks[network]) return;
  await docker.getNetwork(network).connect({ Container: container, EndpointConfig: { Aliases: [alias] } });
}
