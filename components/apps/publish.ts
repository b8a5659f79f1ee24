// Ports of an app on this machine, beside the front door: on loopback only. Pure.
import type { Ports } from "../definition/binding.ts";

/** What an app says of it. */
interface Publishing {
  publish: readonly { port: number; host?: number }[];
}

const all = ({ publish }: Publishing) =>
  publish.map(({ port, host = port }, index) => ({ key: `${index}`, port, host }));

/** What stands for it in `exposure`; undefined when it publishes nothing. */
export function publishedAt(app: Publishing) {
  if (app.publish.length === 0) return undefined;
  return { address: "127.0.0.1", ...Object.fromEntries(all(app).map(({ key, host }) => [key, host])) };
}

/** Its ports, as a definition has them. */
export const portsOf = (name: string, app: Publishing): Ports =>
  Object.fromEntries(
    all(app).map(({ key, port, host }) => [key, { container: port, host, setBy: `apps.${name}.publish` }]),
  );
