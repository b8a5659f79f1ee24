// Paths on the host that no container should see. A path is judged by what it is: one that is written relative to a compose
// file (`./data`, `../data`) is data of its own wherever the clone lies, and `~` is a home directory whoever looks.
import { posix } from "node:path";

const engineSocket =
  /\/((docker|containerd|podman|crio|cri-dockerd|dockershim|buildkitd)([-.\w]*)\.sock|(lxd|incus)\/unix\.socket)$/;

/** These directories and everything below them: CIS 5.6, plus what holds keys, sockets or somebody's own data. */
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
];

/** Below these lies data of all kinds; the directories themselves hold everybody's. */
const sensitiveRoots = ["/", "/var", "/var/lib", "/var/cache", "/home", "/opt", "/srv", "/mnt", "/media", "~"];

/**
 * What the system's own services keep in /var/lib: engines and orchestrators (images, secrets, every container's data),
 * package managers, and what decides who may log in. Anything else there is data of somebody's service.
 */
const systemState = new Set(
  `docker docker-desktop containers containerd podman rancher kubelet etcd cni lxc lxd incus libvirt machines portables snapd
  flatpak dpkg apt rpm dnf yum pacman apk systemd dbus polkit-1 AccountsService sss samba NetworkManager
  dhcp private nfs selinux tailscale wireguard cloud fwupd`.split(/\s+/),
);

/** Folders and files of keys, wherever they are. */
const keys = new Set(
  `.ssh .gnupg .aws .azure .kube .docker .pulumi .netrc .git-credentials .password-store .pgpass .vault-token
  .bash_history .zsh_history`.split(/\s+/),
);

/** Whether it is a socket with which one can start containers, and so be root on the host. */
export const isEngineSocket = (path: string) => engineSocket.test(path);

/** Whether a path, normalized, belongs to the host's system, is somebody's whole home directory, or holds keys. */
export function isSensitive(path: string): boolean {
  const [, top, second, third] = path.split("/");
  if (path.split("/").some((part) => keys.has(part))) return true;
  if (sensitiveRoots.includes(path) || sensitiveTrees.some((tree) => path === tree || path.startsWith(`${tree}/`)))
    return true;
  if (path.startsWith("/var/lib/")) return systemState.has(third ?? "");
  // /home/anna is sensitive, /home/anna/data is not.
  return path.startsWith("/") && top === "home" && second !== undefined && third === undefined;
}

/** A path without `..`, double slashes and a slash at its end. A relative one stays relative, and `~` stays `~`. */
export function normalized(path: string): string {
  return /^[/~]/.test(path) ? posix.normalize(path).replace(/(?<=.)\/+$/, "") : path;
}
