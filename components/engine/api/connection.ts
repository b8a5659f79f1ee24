// The program's own connection to the engine. What it does there (tasks, readiness) must be done on the engine that the
// Docker provider works on, so both take the address from the same place.
import * as pulumi from "@pulumi/pulumi";
import Docker from "dockerode";
import { isGone } from "../../../lib/engine/connection-error.ts";
import { certificates, defaultHost, dockerOptions } from "../../../lib/engine/docker-host.ts";
import { inWords, refusalIn } from "../../../lib/engine/refusals.ts";
import { XnaiError } from "../../../lib/errors.ts";

/** Where the Docker provider takes its engine from: its own configuration (`docker:host`), or the environment. */
export interface ProviderSettings {
  host?: string | undefined;
  certPath?: string | undefined;
}

/**
 * The address of the provider's engine. Pure.
 * @throws RunError when the configuration and DOCKER_HOST name two engines
 */
export function engineHost({ host }: ProviderSettings, env: NodeJS.ProcessEnv): string {
  if (host && env.DOCKER_HOST && host !== env.DOCKER_HOST)
    throw new pulumi.RunError(
      `The configuration docker:host is ${host}, but DOCKER_HOST is ${env.DOCKER_HOST}: nobody can tell which engine is meant.\n` +
        "Remove docker:host from the stack's configuration, or give both the same address. Nothing was changed.",
    );
  return host || env.DOCKER_HOST || defaultHost;
}

/** A client for the engine of the Docker provider. @throws RunError when its address cannot be used */
export function connection(): Docker {
  const config = new pulumi.Config("docker");
  const settings = { host: config.get("host"), certPath: config.get("certPath") };
  const certPath = settings.certPath ?? certificates(process.env);
  try {
    return new Docker(dockerOptions(engineHost(settings, process.env), certPath));
  } catch (error) {
    if (error instanceof XnaiError) throw new pulumi.RunError(`${error.message}\n${error.fix}`);
    throw error;
  }
}

/** What an error means for the user when it is one of the connection to the engine, or a refusal of it; any other error as it is. */
export function explained(error: unknown): unknown {
  if (isGone(error))
    return new Error(
      `the Docker engine went away meanwhile (${error.message}). Start it, then run the same command again`,
    );
  const { message, statusCode } = error as { message?: string; statusCode?: number };
  const refusal = statusCode === undefined ? undefined : refusalIn(message ?? "");
  return refusal ? new Error(inWords(refusal, message ?? "")) : error;
}
