// Addresses of Docker engines, as DOCKER_HOST writes them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DockerOptions } from "dockerode";
import { EngineError } from "./connection-error.ts";

/** Where an engine of this machine listens unless it was told otherwise. */
export const defaultHost = "unix:///var/run/docker.sock";

/**
 * The options with which dockerode connects to an address. Reads the certificate files of DOCKER_CERT_PATH for `tcp://`.
 * @throws EngineError when the address leads to no Docker engine, or not safely
 */
export function dockerOptions(host: string, env: NodeJS.ProcessEnv): DockerOptions {
  const url = URL.canParse(host) ? new URL(host) : undefined;
  if (url?.protocol === "unix:" && url.pathname.length > 1) {
    return { socketPath: decodeURIComponent(host.slice("unix://".length)) };
  }
  if (url?.protocol === "tcp:" && env.DOCKER_TLS_VERIFY && env.DOCKER_CERT_PATH) {
    const folder = env.DOCKER_CERT_PATH;
    const [ca, cert, key] = ["ca", "cert", "key"].map((name) => readPem(join(folder, `${name}.pem`)));
    return { protocol: "https", host: url.hostname, port: url.port || 2376, ca, cert, key };
  }
  if (url?.protocol === "tcp:") {
    throw new EngineError(
      "unsupported",
      `DOCKER_HOST=${host} is not encrypted: whoever can reach or listen on that port controls the whole machine.`,
      "Set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH (ca.pem, cert.pem, key.pem), or use the engine's unix socket.",
    );
  }
  throw new EngineError(
    "unsupported",
    `DOCKER_HOST=${host} is not an address that this stack can use.`,
    "Use unix:///path/to/docker.sock, or tcp://host:2376 with DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH; unset it for the engine of this machine.",
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
