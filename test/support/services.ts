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

/** Service -> key in `exposure.<service>` -> container port; without ports for another service, which nobody has by default. */
export const publishablePorts: Record<string, Record<string, number>> = Object.fromEntries(
  services.flatMap(({ name, ports = {} }) => {
    const own = Object.entries(ports).filter(([, { serves }]) => serves === undefined);
    return own.length > 0 ? [[name, Object.fromEntries(own.map(([key, { container }]) => [key, container]))]] : [];
  }),
);
