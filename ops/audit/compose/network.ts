// How a service of a compose project is reached: the networks that it joins, and the ports that it publishes.
import type { AttachmentFact, ContainerFacts, PortFact } from "../../../policies/facts/model.ts";
import { nested, number, type Properties, text } from "../../../policies/facts/properties.ts";
import { isKnown, type Maybe, UNKNOWN } from "../../../policies/facts/unknown.ts";

/** Networks that the engine has by itself: Compose hands their names over as the network mode. */
const builtIn = ["host", "none", "bridge", "default"];

/** Networks by the keys of the file, or by their names where these are given. */
export function attachments(
  service: Properties,
  networks: Properties,
): Pick<ContainerFacts, "networkMode" | "networks"> {
  const written = text(service.network_mode);
  if (written !== "") {
    return { networkMode: isKnown(written) ? written.replace(/^service:/, "container:") : written, networks: [] };
  }
  // A list is what stands there when the only network is not known.
  if (service.networks === UNKNOWN || Array.isArray(service.networks)) {
    return { networkMode: "", networks: [{ path: "networks", network: UNKNOWN }] };
  }
  const priority = ([, how]: [string, unknown]) => Number(nested(how).priority ?? 0);
  const keys = Object.entries(nested(service.networks))
    .toSorted((a, b) => priority(b) - priority(a))
    .map(([key]) => key);
  const isBuiltIn = (key: string) => builtIn.includes(nested(networks[key]).name as string);
  const [first = ""] = keys;
  const joined = keys
    .filter((key) => !isBuiltIn(key))
    .map(
      (key): AttachmentFact => ({
        path: `networks.${key}`,
        network: key === "" ? UNKNOWN : networkName(key, networks),
      }),
    );
  return { networkMode: isBuiltIn(first) ? text(nested(networks[first]).name) : "", networks: joined };
}

/** What the engine calls a network, unless Compose makes the name up: then its key in the file. */
export function networkName(key: string, networks: Properties): Maybe<string> {
  const network = nested(networks[key]);
  return network.external ? text(network.name, key) : key;
}

/** @param last the last port of a range in the container */
export function portFact(port: Properties, path: string, last: number | undefined): Maybe<PortFact> {
  const published = text(port.published);
  const [first, end = first] = isKnown(published) ? published.split("-").map(Number) : [UNKNOWN, UNKNOWN];
  if (typeof first === "number" && !(Number.isInteger(first) && Number.isInteger(end))) return UNKNOWN;
  return {
    path,
    internal: number(port.target),
    ...(last === undefined ? {} : { internalLast: last }),
    external: first as Maybe<number>,
    ...(end === first ? {} : { externalLast: end as number }),
    ip: text(port.host_ip, "0.0.0.0"),
    protocol: text(port.protocol, "tcp"),
  };
}
