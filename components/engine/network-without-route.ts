// A network of Podman's that gives its containers no route out of it. Docker's API, which the provider speaks, has no such
// option: the program makes it in Podman's own words, and a marker stands for it, whose keepers the policies read.
import type * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import { label } from "../../lib/labels.ts";
import { noResolver } from "../../policies/rules/engine.ts";
import { noRouteOption } from "../../policies/rules/exposure/way-out.ts";
import { ignore } from "./api/ignore.ts";
import { libpod } from "./api/libpod.ts";
import { Marker } from "./tasks/marker.ts";

/** As it stands in the keepers, and as Podman takes it. */
interface Description {
  name: string;
  driver: "bridge";
  dns_enabled: true;
  options: Record<string, string>;
  network_dns_servers: string[];
  labels: Record<string, string>;
}

/** A network of the stack with this prefix. Its names are looked up in it alone: Podman would ask the machine's resolver. */
export const describedNetwork = (prefix: string, name: string): Description => ({
  name,
  driver: "bridge",
  dns_enabled: true,
  options: { [noRouteOption]: "true" },
  network_dns_servers: [noResolver.podman],
  labels: { [label.stack]: prefix },
});

/** The marker of such a network. @param of its stack, and its name on the engine */
export class NetworkWithoutRoute extends Marker {
  constructor(
    name: string,
    of: { prefix: string; network: string; engine: Docker },
    opts: pulumi.CustomResourceOptions,
  ) {
    const description = describedNetwork(of.prefix, of.network);
    super(
      name,
      {
        title: `making the network ${of.network}`,
        keepers: { network: JSON.stringify(description) },
        work: async () => {
          await makeNetwork(of.engine, description);
          return [];
        },
      },
      opts,
    );
  }
}

/** What Podman says of a network, as far as it is read. */
interface Network {
  options?: Record<string, string>;
  labels?: Record<string, string>;
}

/** Makes it, unless it is there. One of the stack's that is another one than described is made anew. */
export async function makeNetwork(docker: Docker, description: Description): Promise<void> {
  const { name, labels, options } = description;
  const path = `/networks/${name}`;
  const found = await libpod<Network>(docker, "GET", `${path}/json`).catch(ignore(404));
  if (found) {
    if (found.labels?.[label.stack] !== labels[label.stack])
      throw new Error(
        `the network name ${name} is taken by a network that this stack did not make: remove it, or set another prefix`,
      );
    if (found.options?.[noRouteOption] === options[noRouteOption]) return;
    await libpod(docker, "DELETE", path);
  }
  await libpod(docker, "POST", "/networks/create", { body: description });
}
