// The login that `docker login` left on this machine for a registry: in Docker's own configuration file, or with a credential
// helper that the file names. https://docs.docker.com/reference/cli/docker/login/#credential-stores
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { say } from "../../../lib/progress.ts";

/** What Docker calls its hub in its configuration, and wants as the address of a login there. */
const hubAddress = "https://index.docker.io/v1/";

/** The registry of Docker Hub in an image's reference. */
export const hub = "docker.io";

/** A login in the form of the engine's API. */
export interface Login {
  serveraddress: string;
  username?: string;
  password?: string;
  /** In place of name and password. */
  identitytoken?: string;
}

interface DockerConfig {
  auths?: Record<string, { auth?: string; identitytoken?: string }>;
  credHelpers?: Record<string, string>;
  credsStore?: string;
}

/** Host and port of the registry of a reference: `docker.io` where it names none. */
export function registryOf(ref: string): string {
  const [first = "", ...rest] = ref.split("/");
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : hub;
}

/** `https://index.docker.io/v1/` -> `docker.io`, `https://ghcr.io` -> `ghcr.io` */
function registryOfAddress(address: string): string {
  const host = address.replace(/^https?:\/\//, "").split("/")[0] ?? "";
  return host === "index.docker.io" || host === "registry-1.docker.io" ? hub : host;
}

const entryFor = <T>(entries: Record<string, T> | undefined, registry: string) =>
  Object.entries(entries ?? {}).find(([address]) => registryOfAddress(address) === registry)?.[1];

/**
 * The login for an image's registry; undefined when there is none. A file or a helper that cannot be used is said, as
 * `docker` does, and counts as none.
 * @param env DOCKER_CONFIG names another folder than ~/.docker. @default process.env
 */
export async function loginFor(ref: string, env: NodeJS.ProcessEnv = process.env): Promise<Login | undefined> {
  const registry = registryOf(ref);
  const serveraddress = registry === hub ? hubAddress : registry;
  const config = await dockerConfig(join(env.DOCKER_CONFIG || join(homedir(), ".docker"), "config.json"));
  const helper = entryFor(config.credHelpers, registry) ?? config.credsStore;
  if (helper) return ask(helper, serveraddress, env);
  const entry = entryFor(config.auths, registry);
  if (entry?.identitytoken) return login("<token>", entry.identitytoken, serveraddress);
  const [username, password] = splitOnce(Buffer.from(entry?.auth ?? "", "base64").toString("utf8"));
  return username && password ? login(username, password, serveraddress) : undefined;
}

/** A helper that keeps a token has this word in place of the user's name. */
const login = (username: string, secret: string, serveraddress: string): Login =>
  username === "<token>" ? { identitytoken: secret, serveraddress } : { username, password: secret, serveraddress };

function splitOnce(login: string): [string, string] {
  const at = login.indexOf(":");
  return [login.slice(0, at), login.slice(at + 1)];
}

async function dockerConfig(file: string): Promise<DockerConfig> {
  try {
    const config: unknown = JSON.parse(await readFile(file, "utf8"));
    return typeof config === "object" && config !== null ? config : {};
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // What a parser quotes may be a password.
    if (code !== "ENOENT")
      say(`no login to a registry is used, because ${file} ${code ? `cannot be read (${code})` : "is not JSON"}`);
    return {};
  }
}

/** https://github.com/docker/docker-credential-helpers: the address on standard input, JSON on standard output. */
async function ask(helper: string, serveraddress: string, env: NodeJS.ProcessEnv): Promise<Login | undefined> {
  const program = `docker-credential-${helper}`;
  const { failed, exitCode, stdout } = await execa(program, ["get"], {
    input: serveraddress,
    env,
    extendEnv: false,
    reject: false,
    timeout: 20_000,
  });
  if (failed) {
    if (/credentials not found/i.test(stdout ?? "")) return undefined;
    say(
      `no login to ${serveraddress} is used, because ${program} ${exitCode === undefined ? "cannot be run" : `ended with ${exitCode}`}`,
    );
    return undefined;
  }
  try {
    const { Username, Secret } = JSON.parse(stdout) as { Username?: string; Secret?: string };
    return Username && Secret ? login(Username, Secret, serveraddress) : undefined;
  } catch {
    say(`no login to ${serveraddress} is used, because ${program} does not answer with JSON`);
    return undefined;
  }
}
