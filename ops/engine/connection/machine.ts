// What this machine is, as far as it decides how to install and start an engine on it.
import { existsSync, readFileSync } from "node:fs";
import { userInfo } from "node:os";

/** Where root's programs are: dockerd calls iptables, containerd and runc by name, and a user's PATH may lack sbin. */
export const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** What decides how an engine is installed and started here. */
export interface Machine {
  /** The name of the user who runs the command. */
  readonly user: string;
  /** Whether that user is root. */
  readonly root: boolean;
  /** Debian, Ubuntu, or a distribution that is based on one of them. */
  readonly debianLike: boolean;
  /** Whether `dockerd` is there. */
  readonly installed: boolean;
  /** Whether `podman` is there. */
  readonly podman: boolean;
  /** What starts services here. */
  readonly init: "systemd" | "sysv" | "none";
  /** Debian packages that the engine needs here. */
  readonly packages: readonly string[];
}

/** Looks at this machine. @param root folder that takes the place of `/`. @default the machine itself */
export function readMachine(root = ""): Machine {
  const has = (file: string) => existsSync(`${root}${file}`);
  const hasProgram = (name: string) => systemPath.split(":").some((folder) => has(`${folder}/${name}`));
  const read = (file: string) => (has(file) ? readFileSync(`${root}${file}`, "utf8") : "");
  const { username, uid } = userInfo();
  const packages = ["docker.io", "iptables"];
  // On a kernel with AppArmor every container fails without this package.
  if (read("/sys/module/apparmor/parameters/enabled").startsWith("Y")) packages.push("apparmor");
  // Where nothing has mounted the control groups, this package does; without them every container fails.
  if (!/^\S+ \S+ cgroup2? /m.test(read("/proc/mounts"))) packages.push("cgroupfs-mount");
  return {
    user: username,
    root: uid === 0,
    debianLike: /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(read("/etc/os-release")) && has("/usr/bin/apt-get"),
    installed: hasProgram("dockerd"),
    podman: hasProgram("podman"),
    init: has("/run/systemd/system") ? "systemd" : has("/run/initctl") ? "sysv" : "none",
    packages,
  };
}
