// What apps have of the machine itself. Pure.
import { asObject } from "../../config/keys/checks.ts";
import { hostName } from "../../definition/container.ts";
import type { Say } from "./say.ts";

/** Only an app that says `host` has a name for the machine. */
export function checkHost(app: string, { env, host }: Record<string, unknown>, say: Say): void {
  if (Array.isArray(host) && host.length > 0) return;
  for (const [name, value] of Object.entries(asObject(env))) {
    const text = typeof value === "string" ? value : asObject(value).file;
    if (typeof text === "string" && text.includes(hostName))
      say([app, "env", name], value, `it has no ${hostName}: name the ports that it uses there, such as host: [11434]`);
  }
}

const isInside = (path: string, folder: string) => `${path}/`.startsWith(`${folder}/`);

/**
 * A place that is given to the user of one app is nobody else's.
 * @param taken place -> the key that has it; these are added
 */
export function checkOwned(app: string, mounts: unknown, taken: Map<string, string>, say: Say): void {
  if (!Array.isArray(mounts)) return;
  mounts.forEach((mount, index) => {
    const { host, own } = asObject(mount);
    if (own !== true || typeof host !== "string") return;
    const [, other] = [...taken].find(([place]) => isInside(place, host) || isInside(host, place)) ?? [];
    if (other)
      say(
        [app, "mounts", index, "own"],
        host,
        `that place, or one around it or in it, belongs to ${other} already: choose another one`,
      );
    taken.set(host, `apps.${app}.mounts[${index}]`);
  });
}
