// A stack's own Vikunja, with the stack's own credentials.
import type Docker from "dockerode";
import type { StackConfig } from "../../components/config/keys/base.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { commandFor } from "../paths.ts";
import type { StackOutputs } from "../pulumi/outputs.ts";
import { frontDoorPlace } from "./front-door.ts";
import type { Place } from "./http.ts";
import { type Login, tokenFrom } from "./vikunja.ts";

/** Where Vikunja is, and as whom to log in. */
export interface VikunjaAccess {
  door: Place;
  login: Login;
}

/**
 * The way into a stack's Vikunja.
 * @param tokenFile holds an API token that is used instead of the first user's password
 * @param outputs of the stack, secrets in clear
 * @param engine asked for only where Caddy has TLS
 * @throws XnaiError (usage) when the configuration leaves no way, (failed) when nothing is up yet
 */
export async function vikunjaAccess(
  { stack, config, tokenFile }: { stack: string; config: StackConfig; tokenFile?: string | undefined },
  outputs: () => Promise<StackOutputs>,
  engine: () => Promise<Docker>,
): Promise<VikunjaAccess> {
  if (!config.services.vikunja) throw noWay(stack, "Vikunja is switched off", "services.vikunja: true");
  if (!config.services.caddy)
    throw noWay(stack, "Vikunja is reached through Caddy, which is switched off", "services.caddy: true");
  if (!config.exposure.caddy)
    throw noWay(
      stack,
      "Vikunja is reached through Caddy, which publishes no port on this machine",
      "exposure.caddy: { port: 8000 }",
    );
  const login = tokenFile === undefined ? firstUser(stack, await outputs()) : tokenFrom(tokenFile);
  return { door: (await frontDoorPlace(config, engine)) as Place, login };
}

/** The first user, as the stack made it. @throws XnaiError (failed) when nothing is up yet */
export function firstUser(stack: string, { vikunjaUser: username, vikunjaPassword: password }: StackOutputs): Login {
  if (typeof username === "string" && typeof password === "string") return { username, password };
  throw new XnaiError(
    exitCode.failed,
    `Stack ${stack} has no user of Vikunja yet.`,
    `Bring it up first: ${commandFor(stack, "up")}`,
  );
}

const noWay = (stack: string, what: string, setting: string) =>
  new XnaiError(
    exitCode.usage,
    `${what} (Pulumi.${stack}.yaml).`,
    `Set xnai:${setting}, then run ${commandFor(stack, "up")}.`,
  );
