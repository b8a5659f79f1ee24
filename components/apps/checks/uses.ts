// What an app uses has to be there. Pure.
import type { ServiceDefinition } from "../../definition/service.ts";
import { switchedOff } from "./environment.ts";
import { hintFor, type Say } from "./say.ts";

type Usable = Pick<ServiceDefinition, "name" | "forApps">;

/** @param services those that apps can use, and of them those that are off */
export function checkUses(
  name: string,
  app: Record<string, unknown>,
  { usable, off }: { usable: Usable[]; off: Usable[] },
  say: Say,
): void {
  const names = usable.map((service) => service.name);
  const used = Array.isArray(app.uses) ? app.uses : [];
  used.forEach((use, index) => {
    if (typeof use !== "string") return;
    if (!names.includes(use)) say([name, "uses", index], use, `no service that apps can use; ${hintFor(use, names)}`);
    else if (off.some((service) => service.name === use)) say([name, "uses", index], use, switchedOff(use));
  });
  for (const service of off)
    for (const key of Object.keys(service.forApps?.keys ?? {}))
      if (app[key] !== undefined) say([name, key], app[key], `it needs ${service.name}, ${switchedOff(service.name)}`);
}
