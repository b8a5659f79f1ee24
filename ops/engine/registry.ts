// What a registry answers, as the engine reports it: whether Docker Hub is there at all, and why an image cannot be had.
import type Docker from "dockerode";
import { dial } from "../../components/engine/api/dial.ts";
import { download } from "../../components/engine/api/images.ts";
import { hub, loginFor, registryOf } from "../../components/engine/api/registry-login.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { say } from "../../lib/progress.ts";

/** How long Docker Hub may take to answer, milliseconds; the engine itself gives up on one out of reach before that. */
const hubAnswersWithin = 90_000;

/** After this long without an answer it is said what is waited for, milliseconds. */
const sayAfter = 3_000;

/** What keeps an image from being had. */
type Obstacle = "limit" | "login" | "unreachable" | "other";

/**
 * What an error of the engine about a registry means. Go's HTTP client writes the request in front of what kept it from an
 * answer (`Get "https://...": dial tcp ...`); the registry's own answers come without. Pure.
 */
export function obstacle(message: string): Obstacle {
  if (/toomanyrequests|too many requests|rate limit|\b429\b/i.test(message)) return "limit";
  if (/unauthorized|authentication required|incorrect username or password|access denied|no basic auth/i.test(message))
    return "login";
  if (
    /\b(Get|Head|Post) "?https?:\/\/|dial (tcp|udp)|no such host|context deadline exceeded|proxyconnect/.test(message)
  )
    return "unreachable";
  return "other";
}

/**
 * Whether Docker Hub can be reached. Asked through the engine, which may have a proxy or a mirror of its own, and with the
 * login of this machine.
 * @param ref an image there
 * @throws XnaiError (machine) when it answers, but not this machine; or when nobody can tell
 */
export async function hubAnswers(docker: Docker, ref: string): Promise<boolean> {
  const waiting = setTimeout(() => say("waiting for Docker Hub to answer"), sayAfter);
  try {
    await inspectInRegistry(docker, ref, AbortSignal.timeout(hubAnswersWithin)).catch((error: Error) => {
      if (!isUnknownQuestion(error)) throw error;
      return download(docker, ref);
    });
    return true;
  } catch (error) {
    const { name, message } = error as Error;
    if (name !== "AbortError" && obstacle(message) === "unreachable") return false;
    throw await refusal(
      ref,
      name === "AbortError" ? new Error(`no answer within ${hubAnswersWithin / 1000} s`) : (error as Error),
      "Docker Hub cannot be asked for images",
      "Or set images.source: local, to build the images on this machine, or load the official ones with docker load. Nothing was written.",
    );
  } finally {
    clearTimeout(waiting);
  }
}

/** An image that could not be pulled. */
export const pullRefused = (name: string, ref: string, error: Error) =>
  refusal(
    ref,
    error,
    `The image ${ref} for ${name} could not be pulled`,
    `Or load the image with docker load, or name another one under images.refs.${name}. Nothing was changed.`,
  );

async function refusal(ref: string, error: Error, what: string, otherwise: string): Promise<XnaiError> {
  const user = (await loginFor(ref))?.username;
  const registry = registryOf(ref);
  const name = registry === hub ? "Docker Hub" : registry;
  const where = registry === hub ? "" : ` ${registry}`;
  const login = `docker login${where} (or podman login${where})`;
  const { reason, next } = {
    limit: {
      reason: `${name} limits how much may be pulled, and the limit of ${user ? `user ${user}` : "this address without a login"} is reached`,
      next: user
        ? "Wait some hours, or log in as another user."
        : `Run ${login}, which has a limit of its own, or wait some hours.`,
    },
    login: {
      reason: user ? `${name} refuses the login of user ${user}` : `${name} wants a login`,
      next: `Run ${login}.`,
    },
    unreachable: {
      reason: `${name} cannot be reached`,
      next: "Check the network of the engine's machine, then run the command again.",
    },
    other: { reason: `${name} does not say why in words that are known`, next: "Run the command again later." },
  }[obstacle(error.message)];
  return new XnaiError(exitCode.machine, `${what}: ${reason} (${engineWords(error)}).`, `${next}\n${otherwise}`, {
    cause: error,
  });
}

const engineWords = (error: Error & { json?: { message?: string } }) => (error.json?.message ?? error.message).trim();

/** Podman cannot ask a registry without pulling: the image is a small one, which every stack needs. */
const isUnknownQuestion = ({ message }: Error) => /distribution\S* is not supported/.test(message);

/** As dockerode's `distribution`, which cannot be given up. */
async function inspectInRegistry(docker: Docker, ref: string, abortSignal: AbortSignal): Promise<void> {
  const authconfig = await loginFor(ref);
  const call = { path: `/distribution/${ref}/json`, method: "GET", authconfig, abortSignal };
  const statusCodes = { 200: true, 401: "unauthorized", 403: "denied", 404: "no such image", 500: "server error" };
  await dial(docker, { ...call, statusCodes });
}
