// Services of the host itself, as containers reach them.
import { z } from "zod";
import { resourceRule } from "../../rule.ts";
import { say, shown, written } from "../../say.ts";

/** What stands for the host's address among the hosts of a container. */
export const hostGateway = "host-gateway";

const noHostGateway = resourceRule({
  name: "no-host-gateway",
  title: "No container is given the host's address, except those that the configuration allows.",
  why: "What listens on the host for its containers, such as a model server, often asks nobody for a password: whoever takes a container over should not find it by name.",
  severity: "medium",
  params: z.strictObject({
    containers: z.array(z.string()).default([]).describe("Containers that use a service of the host itself"),
  }),
  references: { docs: "https://docs.docker.com/reference/cli/docker/container/run/#add-host" },
  check(container, report, { params }) {
    if (params.containers.includes(container.label)) return;
    for (const { path, name, address } of report.each(container.hosts, "hosts")) {
      if (!report.known(address, path) || address !== hostGateway) continue;
      report.violation(
        path,
        say`has a name for the host (${shown(name, "address")})`,
        say`remove ${shown(path, "property")}, or allow it: containers of ${written("no-host-gateway")}`,
      );
    }
  },
});

export const hostServiceRules = [noHostGateway];
