// The login that `docker login` or `podman login` left on this machine for a registry: in a file of theirs, or with a credential
// helper that the file names. https://docs.docker.com/reference/cli/docker/login/#credential-stores, containers-auth.json(5)
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

/** Docker's `config.json`; Podman's `auth.json` is the same, and may hold logins for a part of a registry (`quay.io/me`). */
interface LoginFile {
  auths?: Record<string, { auth?: string; identitytoken?: string }>;
  credHelpers?: Record<string, string>;
  credsStore?: string;
}

/** Host and port of the registry of a reference: `docker.io` where it names none. */
export function registryOf(ref: string): string {
  const [first = "", ...rest] = ref.split("/");
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : hub;
}

/** `https://index.docker.io/v1/` -> `docker.io`, `https://ghcr.io` -> `ghcr.io`, `quay.io/me` as it is. */
function scopeOfAddress(address: string): string {
  const scope = address.replace(/^https?:\/\//, "").replace(/(\/v[12])?\/*$/, "");
  return scope === "index.docker.io" || scope === "registry-1.docker.io" ? hub : scope;
}

/** Of those that are meant for an image the one that says most. */
function entryFor<T>(entries: Record<string, T> | undefined, ref: string): T | undefined {
  const registry = registryOf(ref);
  const image = ref.startsWith(`${registry}/`) ? ref : `${registry}/${ref}`;
  const meant = Object.entries(entries ?? {})
    .map(([address, entry]) => ({ scope: scopeOfAddress(address), entry }))
    .filter(({ scope }) => image.startsWith(`${scope}/`));
  return meant.toSorted((a, b) => b.scope.length - a.scope.length)[0]?.entry;
}

/** Docker's file, then Podman's in the order in which Podman looks. */
function loginFiles(env: NodeJS.ProcessEnv): string[] {
  const home = env.HOME || homedir();
  const podmans = env.REGISTRY_AUTH_FILE
    ? [env.REGISTRY_AUTH_FILE]
    : [
        env.XDG_RUNTIME_DIR
          ? join(env.XDG_RUNTIME_DIR, "containers/auth.json")
          : `/run/containers/${process.getuid?.()}/auth.json`,
        join(env.XDG_CONFIG_HOME || join(home, ".config"), "containers/auth.json"),
      ];
  return [join(env.DOCKER_CONFIG || join(home, ".docker"), "config.json"), ...podmans];
}

/**
 * The login for an image's registry, from the first file that has one; undefined when there is none. A file or a helper that
 * cannot be used is said, as `docker` does, and counts as none.
 * @param env DOCKER_CONFIG names another folder than ~/.docker, REGISTRY_AUTH_FILE another file than Podman's own. @default process.env
 */
export async function loginFor(ref: string, env: NodeJS.ProcessEnv = process.env): Promise<Login | undefined> {
  for (const file of loginFiles(env)) {
    const found = await loginIn(await readLogins(file), ref, env);
    if (found) return found;
  }
  return undefined;
}

async function loginIn(file: LoginFile, ref: string, env: NodeJS.ProcessEnv): Promise<Login | undefined> {
  const registry = registryOf(ref);
  const serveraddress = registry === hub ? hubAddress : registry;
  const helper = entryFor(file.credHelpers, ref) ?? file.credsStore;
  if (helper) return ask(helper, serveraddress, env);
  const entry = entryFor(file.auths, ref);
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

async function readLogins(file: string): Promise<LoginFile> {
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
