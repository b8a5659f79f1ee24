// Addresses of Docker engines, as DOCKER_HOST writes them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DockerOptions } from "dockerode";
import { EngineError } from "./connection-error.ts";
import { isSsh, machineVariable, sshHost, sshWords } from "./ssh-host.ts";

/** Where an engine of this machine listens unless it was told otherwise. */
export const defaultHost = "unix:///var/run/docker.sock";

/** The sockets on which engines listen, Docker's first; relative ones are below the runtime directory of a user (rootless). */
export const engineSockets: readonly string[] = [
  "/var/run/docker.sock",
  "docker.sock",
  "podman/podman.sock",
  "/run/podman/podman.sock",
];

/** The folder of certificates that the environment names, for an address over TLS. */
export const certificates = ({ DOCKER_TLS_VERIFY, DOCKER_CERT_PATH }: NodeJS.ProcessEnv): string | undefined =>
  DOCKER_TLS_VERIFY && DOCKER_CERT_PATH;

/**
 * The options with which dockerode connects to an address. Reads the certificate files for `tcp://`.
 * @param certPath folder with ca.pem, cert.pem and key.pem (DOCKER_CERT_PATH, with DOCKER_TLS_VERIFY set)
 * @throws EngineError when the address leads to no Docker engine, or not safely
 */
export function dockerOptions(host: string, certPath?: string): DockerOptions {
  const url = URL.canParse(host) ? new URL(host) : undefined;
  if (url?.protocol === "unix:" && url.pathname.length > 1) {
    // Whatever is left out here, the client takes from DOCKER_HOST, which may name another one.
    const nothing = { host: undefined, port: undefined, pathPrefix: undefined, ca: undefined, cert: undefined };
    const socketPath = decodeURIComponent(host.slice("unix://".length));
    return { ...nothing, key: undefined, protocol: "http", socketPath } as unknown as DockerOptions;
  }
  if (url?.protocol === "tcp:" && certPath) {
    const [ca, cert, key] = ["ca", "cert", "key"].map((name) => readPem(join(certPath, `${name}.pem`)));
    return { protocol: "https", host: url.hostname, port: url.port || 2376, ca, cert, key };
  }
  if (url?.protocol === "tcp:") {
    throw new EngineError(
      "unsupported",
      `DOCKER_HOST=${host} is not encrypted: whoever can reach or listen on that port controls the whole machine.`,
      "Set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH (ca.pem, cert.pem, key.pem), or use the engine's unix socket.",
    );
  }
  if (isSsh(host)) throw needsTunnel(host);
  throw new EngineError(
    "unsupported",
    `DOCKER_HOST=${host} is not an address that this stack can use.`,
    "Use unix:///path/to/docker.sock, ssh://user@host, or tcp://host:2376 with DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH; unset it for the engine of this machine.",
  );
}

/** The `xnai` command makes a tunnel to such an engine; whoever runs Pulumi without it has to. */
function needsTunnel(host: string): EngineError {
  const ssh = sshHost(host);
  const there = ssh.socket ?? "/var/run/docker.sock";
  return new EngineError(
    "unsupported",
    `DOCKER_HOST=${host} needs a tunnel, and a bare pulumi makes none.`,
    `Run npm run up, which does. Or keep one open (ssh -nNT -L /tmp/engine.sock:${there} ${sshWords(ssh)}), and set DOCKER_HOST=unix:///tmp/engine.sock and ${machineVariable}=${ssh.destination} beside it.`,
  );
}

function readPem(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new EngineError(
      "unsupported",
      `The certificate file ${file} (DOCKER_CERT_PATH) cannot be read.`,
      "Put ca.pem, cert.pem and key.pem there, readable by you.",
      { cause: error },
    );
  }
}
