// Paths on the host that no container should see.
import { posix } from "node:path";

const engineSocket = /\/(docker|containerd|podman|crio|dockershim|buildkitd)([-.\w]*)\.sock$/;

/** These directories and everything below them: CIS 5.6, plus what holds keys, sockets or the engine's own data. */
const sensitiveTrees = [
  "/boot",
  "/dev",
  "/etc",
  "/lib",
  "/lib64",
  "/proc",
  "/sys",
  "/usr",
  "/bin",
  "/sbin",
  "/root",
  "/run",
  "/var/run",
  "/var/lib/docker",
  "/var/lib/containers",
  "/var/lib/containerd",
];

/** Only these directories themselves: data lives below them. */
const sensitiveRoots = ["/", "/var", "/var/lib", "/home", "/opt", "/srv", "/mnt"];

/** Folders of keys, wherever they are. */
const keyFolders = [".ssh", ".gnupg", ".aws", ".kube", ".docker", ".pulumi"];

/** Whether it is a socket with which one can start containers, and so be root on the host. */
export const isEngineSocket = (path: string) => engineSocket.test(path);

/** Whether a path, normalized, belongs to the host's system or holds keys. */
export function isSensitive(path: string): boolean {
  const inTree = sensitiveTrees.some((tree) => path === tree || path.startsWith(`${tree}/`));
  return inTree || sensitiveRoots.includes(path) || path.split("/").some((part) => keyFolders.includes(part));
}

/** An absolute path without `..`, double slashes and a slash at its end. Anything else stays as it is. */
export function normalized(path: string): string {
  return path.startsWith("/") ? posix.normalize(path).replace(/(?<=.)\/+$/, "") : path;
}
