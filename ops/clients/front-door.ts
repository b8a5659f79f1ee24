// The front door as this machine reaches it: with TLS, its authority is known to Caddy alone.
import type Docker from "dockerode";
import { caddy } from "../../components/caddy/definition.ts";
import type { StackConfig } from "../../components/config/keys/base.ts";
import { containerName } from "../../components/definition/names.ts";
import { execIn } from "../../components/engine/api/exec.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import type { Place } from "./http.ts";
import { publishedAt } from "./places.ts";

/** Where Caddy keeps the certificate of its own authority. */
const authorityFile = "/data/caddy/pki/authorities/local/root.crt";

/**
 * Where the front door is; undefined when Caddy is off or publishes no port.
 * @param engine asked for only with TLS, to read the authority's certificate from Caddy's container
 * @throws XnaiError (failed) when Caddy does not hand it over
 */
export async function frontDoorPlace(config: StackConfig, engine: () => Promise<Docker>): Promise<Place | undefined> {
  const at = publishedAt(config, "caddy");
  if (!at) return undefined;
  const place = { ...at, name: `localhost:${at.port}` };
  return config.caddy.tls === "internal" ? { ...place, authority: await authority(config, await engine()) } : place;
}

async function authority(config: StackConfig, docker: Docker): Promise<string> {
  const container = containerName(config.prefix, caddy);
  const { code, output } = await execIn(docker, docker.getContainer(container), ["cat", authorityFile], 10_000).catch(
    (error: Error) => ({ code: undefined, output: error.message }),
  );
  if (code === 0) return output;
  throw new XnaiError(
    exitCode.failed,
    `Caddy does not hand over the certificate of its authority (${authorityFile} in ${container}): ${output}`,
    "See how it is: npm run status",
  );
}
