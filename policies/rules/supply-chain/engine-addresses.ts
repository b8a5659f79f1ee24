// Where a container is told to find a container engine: in the variables of its clients, or on a command line.
import { lookup } from "../../facts/identity.ts";
import type { ContainerFacts } from "../../facts/model.ts";
import { isKnown, knownOf } from "../../facts/unknown.ts";
import type { Reporter } from "../../rule.ts";
import { type Said, say, shown, written } from "../../say.ts";

/** Variables of the clients of Docker and Podman, and of programs that name theirs after them. */
const variables = /^(\w+_)?(DOCKER|CONTAINER)_HOST$/;
/** Docker's port for a socket without TLS; with TLS it is 2376. */
const plainPort = /\b(?:tcp|http):\/\/[^\s/:@]*:2375\b/i;

export interface EngineAddress {
  path: string;
  /** Variable or list of words that has it. */
  name: Said;
  address: string;
}

/** Every address of an engine that is spoken to without TLS. */
export function engineAddresses(container: ContainerFacts, report: Reporter): EngineAddress[] {
  const verified = lookup(container.env, "DOCKER_TLS_VERIFY");
  const tls = isKnown(verified) && verified !== undefined && verified !== "";
  const fromEnv = report.each(container.env, "envs").flatMap(({ path, name, value }) => {
    if (!isKnown(value)) return [];
    const plain =
      plainPort.exec(value)?.[0] ?? (variables.test(name) && /^(tcp|http):/i.test(value) && !tls ? value : "");
    return plain === "" ? [] : [{ path, name: shown(name, "key"), address: plain }];
  });
  const words = (["entrypoint", "command"] as const).flatMap((list) =>
    knownOf(container[list]).flatMap((word) => {
      const address = plainPort.exec(word)?.[0];
      const path = list === "entrypoint" ? "entrypoints" : "command";
      return address === undefined ? [] : [{ path, name: say`an address in ${written(path)}`, address }];
    }),
  );
  return [...fromEnv, ...words];
}

/** The host of `tcp://host:2375`. */
export function hostOf(address: string): string {
  return /^\w+:\/\/(?:[^/@]*@)?\[?([^\]/:]*)/.exec(address)?.[1] ?? "";
}
