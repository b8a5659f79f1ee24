// The ports that apps publish on this machine. Pure.
import { asObject, type Unchecked } from "../../config/keys/checks.ts";
import type { Ports } from "../../definition/binding.ts";
import type { Say } from "./say.ts";

/** Port on the host -> the key that has it, of the services that come with the stack. */
export function servicePorts(
  values: Unchecked,
  services: readonly { name: string; ports?: Ports }[],
): Map<unknown, string> {
  const isOn = (name: string) => asObject(values?.services)[name] !== false;
  const exposed = (name: string) => asObject(values?.exposure)[name];
  return new Map(
    services
      .filter(({ name }) => isOn(name) && exposed(name) !== false)
      .flatMap(({ name, ports = {} }) =>
        Object.entries(ports).map(([key, { host, serves }]) => {
          const [by, port] = serves ? [serves.service, "port"] : [name, key];
          return [asObject(exposed(by))[port] ?? host, `exposure.${by}.${port}`] as const;
        }),
      ),
  );
}

/** No two at one port. @param taken port on the host -> the key that has it; these are added */
export function checkPublish(app: string, publish: unknown, taken: Map<unknown, string>, say: Say): void {
  if (!Array.isArray(publish)) return;
  publish.forEach((each, index) => {
    const { port, host = port } = asObject(each);
    const other = taken.get(host);
    if (other)
      say([app, "publish", index], host, `port ${host} is already taken by ${other}: give it another host port`);
    taken.set(host, `apps.${app}.publish`);
  });
}
