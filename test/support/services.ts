// The services that come with the stack, as tests speak of them: by name.
import { containerName } from "../../components/definition/names.ts";
import { services } from "../../components/services.ts";

/** Names, in the order in which `status` lists them. */
export const serviceNames = services.map(({ name }) => name);

/** What follows the prefix in a container's name. */
export function containerSuffix(name: string): string {
  const service = services.find((each) => each.name === name);
  if (!service) throw new Error(`no service has the name ${name}`);
  return containerName("", service).slice(1);
}

/** Service -> key in `exposure.<service>` -> container port. */
export const publishablePorts: Record<string, Record<string, number>> = Object.fromEntries(
  services.flatMap(({ name, ports }) =>
    ports ? [[name, Object.fromEntries(Object.entries(ports).map(([key, port]) => [key, port.container]))]] : [],
  ),
);
