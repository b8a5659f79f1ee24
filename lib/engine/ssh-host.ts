// Addresses of engines on other machines, as DOCKER_HOST and CONTAINER_HOST write them: ssh://user@host:port/path/of/socket. Pure.
import { EngineError } from "./connection-error.ts";

/** An engine on another machine. */
export interface SshHost {
  /** As `ssh` takes it: `ann@box`, or a name of the user's own `~/.ssh/config`. */
  readonly destination: string;
  /** @default what ssh takes: 22, or what `~/.ssh/config` says */
  readonly port?: string;
  /** The engine's socket there. @default the first of the usual ones that answers */
  readonly socket?: string;
}

/** The machine of an engine that is reached through a tunnel; `xnai` tells it to the program, which sees a socket here. */
export const machineVariable = "XNAI_ENGINE_MACHINE";

/** Whether an address names an engine that `ssh` leads to. */
export const isSsh = (host: string): boolean => host.startsWith("ssh://");

/** @throws EngineError when it leads nowhere, or holds a password */
export function sshHost(address: string): SshHost {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const host = url?.hostname.replace(/^\[(.*)\]$/, "$1") ?? "";
  if (!url || host === "" || url.search !== "" || url.hash !== "")
    throw unusable(address, "is not an address that ssh can use");
  if (url.password !== "") throw unusable(address.replace(/:[^:@/]*@/, ":***@"), "holds a password");
  const user = decodeURIComponent(url.username);
  const socket = decodeURIComponent(url.pathname);
  return {
    destination: user ? `${user}@${host}` : host,
    ...(url.port && { port: url.port }),
    ...(socket.length > 1 && { socket }),
  };
}

const unusable = (address: string, what: string) =>
  new EngineError(
    "unsupported",
    `The engine's address ${address} ${what}.`,
    "Use ssh://user@host, ssh://user@host:port or ssh://user@host/path/of/the.sock; ssh logs in with your keys.",
  );

/** The arguments of `ssh` that lead to that machine; no name of a machine can be taken for an option. */
export const sshArguments = ({ destination, port }: SshHost): string[] => [
  ...(port ? ["-p", port] : []),
  "--",
  destination,
];

/** `-p 2222 ann@box`, for a command that a user types. */
export const sshWords = ({ destination, port }: SshHost): string => `${port ? `-p ${port} ` : ""}${destination}`;
