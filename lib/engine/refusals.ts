// What an engine's refusal means for the user, and what to do about it. Engines say what failed inside them; one table turns
// that into a sentence, whoever passes the refusal on (the provider, the program, xnai). Pure.

/** A refusal in words. */
export interface Refusal {
  /** What is wrong. */
  what: string;
  /** What to do next. */
  fix: string;
}

/** One thing that a machine refuses, and the sentences by which engines say it. */
interface Kind {
  name: string;
  /** Named groups are handed to `means`. Add another engine's sentence here. */
  sentences: RegExp[];
  means: (found: Record<string, string | undefined>) => Refusal;
}

/** In this order: the first that fits is the cause. Each sentence with the engine and version that says it. */
const kinds: readonly Kind[] = [
  {
    name: "address",
    sentences: [
      // Docker 20.10: "listen tcp4 192.168.1.10:8000: bind: cannot assign requested address"; Podman's netavark the same.
      /listen (?:tcp|udp)\d? \[?(?<address>[\d.a-f:]+?)\]?:(?<port>\d+): bind: cannot assign requested address/,
      // Docker 28: "failed to bind host port 192.168.1.10:8000/tcp: cannot assign requested address"
      /bind host port (?:for )?\[?(?<address>[\d.a-f:]+?)\]?:(?<port>\d+)\b.*cannot assign requested address/,
      /cannot assign requested address/,
    ],
    means: ({ address, port }) => ({
      what: `${address ? `the address ${address} is` : "an address of exposure is"} not one of this machine's (now), so that ${port ? `port ${port}` : "a port"} cannot be published on it`,
      fix: "Bring the interface with that address up (ip address shows which are there), or set exposure.<service>.address to another one. Then run npm run up.",
    }),
  },
  {
    name: "port",
    sentences: [
      // Docker: "Bind for 127.0.0.1:8000 failed: port is already allocated"
      /Bind for (?<address>\S+?):(?<port>\d+) failed: port is already allocated/,
      // Docker 20.10 to 28, Podman
      /(?:listen (?:tcp|udp)\d? |bind host port (?:for )?)\[?(?<address>[\d.a-f:]+?)\]?:(?<port>\d+)\b.*address already in use/,
      // Podman, rootlessport
      /(?:proxy|rootlessport).*address already in use/,
    ],
    means: ({ address, port }) => ({
      what: `${port ? `port ${address}:${port}` : "a port of exposure"} is taken by another program`,
      fix: "Stop that program, or set another port under exposure.<service>.",
    }),
  },
  {
    name: "privileged port",
    sentences: [
      // rootless Docker, rootless Podman
      /(?:cannot expose privileged port|listen (?:tcp|udp)\d? \S*?:)(?: ?)(?<port>\d+)(?:,|: bind: permission denied)/,
    ],
    means: ({ port }) => ({
      what: `an engine without root may not listen on port ${port}, which is below 1024`,
      fix: "Set a port from 1024 on under exposure.<service>, or allow it: sysctl net.ipv4.ip_unprivileged_port_start.",
    }),
  },
  {
    name: "lxc",
    sentences: [
      // runc 1.2.8, 1.3.3 and later in an LXC container (Proxmox), whose AppArmor profile does not let it
      /open sysctl \S+ file: .*permission denied/,
      /reopen fd \d+: permission denied/,
    ],
    means: () => ({
      what: "this machine is itself a container (LXC, as on Proxmox), whose confinement does not let the engine set up containers",
      fix: "Update LXC on its host (Proxmox: lxc-pve 6.0.5-2 or later), or run the stack in a virtual machine.",
    }),
  },
  {
    name: "snap",
    sentences: [
      // Docker from snap: it sees the user's home and nothing else of the machine
      /error while creating mount source path '(?<path>[^']+)': mkdir \S+: read-only file system/,
      /(?:snap\.docker|\/snap\/docker)\S*.*(?:denied|read-only)/,
    ],
    means: ({ path }) => ({
      what: `Docker from snap sees nothing of this machine outside of home directories${path ? `, ${path} neither` : ""}`,
      fix: "Install Docker from the distribution or from docker.com instead of snap, or set storage.root to a directory below your home.",
    }),
  },
  {
    name: "AppArmor profile",
    sentences: [
      // Docker; Podman
      /AppArmor enabled on system but the (?<profile>\S+) profile could not be loaded/,
      /AppArmor profile "?(?<profile>[^\s"]+)"? (?:specified but not loaded|is not loaded)/i,
    ],
    means: ({ profile }) => ({
      what: `AppArmor is on, and the engine could not load the profile ${profile} for its containers`,
      fix: "Install what loads it (Debian and Ubuntu: apt-get install apparmor), then restart the engine.",
    }),
  },
  {
    name: "confinement",
    sentences: [
      // runc: 'exec /usr/bin/x: operation not permitted', 'exec: "x": permission denied'; crun: 'open executable: Operation not permitted'
      /exec:? "?(?<program>[^\s":]+)"?:? (?:operation not permitted|permission denied)/i,
      /open executable: (?:Operation not permitted|Permission denied)/,
      /apparmor failed to apply profile|unable to apply apparmor profile/,
    ],
    means: ({ program }) => ({
      what: `a security profile of this machine (seccomp, AppArmor, SELinux) forbids the engine to start ${program ?? "a program"} in a container`,
      fix: "Look at the engine's own profile (seccomp-profile in daemon.json) and at what the kernel refused, with the profile's name: journalctl -k | grep -i denied. docker inspect -f '{{.AppArmorProfile}} {{.ProcessLabel}}' CONTAINER names a container's.",
    }),
  },
  {
    name: "GPU",
    sentences: [
      // Docker; Podman
      /could not select device driver "\S*" with capabilities: \[\[gpu\]\]/,
      /unresolvable CDI devices (?:nvidia\.com\/gpu=)/,
    ],
    means: () => ({
      what: "the engine knows no NVIDIA GPU on this machine",
      fix: "Install the driver and NVIDIA's container toolkit, then have it set the engine up (Docker: nvidia-ctk runtime configure, and restart it; Podman: nvidia-ctk cdi generate). A GPU of another make is a device: apps.<name>.devices: [/dev/dri].",
    }),
  },
  {
    name: "device",
    sentences: [
      // Docker; Podman
      /error gathering device information while adding custom device "(?<device>[^"]+)": no such file/,
      /stat (?<device>\/dev\/\S+): no such file or directory/,
    ],
    means: ({ device }) => ({
      what: `this machine has no device ${device}`,
      fix: "Load its driver, or name one that is there under apps.<name>.devices.",
    }),
  },
  {
    name: "pools",
    sentences: [
      // Docker up to 27; 28; Podman
      /could not find an available, non-overlapping IPv4 address pool/,
      /all predefined address pools have been fully subnetted/,
      /could not find free subnet from subnet pools/,
    ],
    means: () => ({
      what: "the engine has no range of addresses left for another network",
      fix: "Remove networks that nobody uses (docker network prune asks first), or give it more ranges: default-address-pools in /etc/docker/daemon.json, then restart it.",
    }),
  },
  {
    name: "rate limit",
    sentences: [/toomanyrequests|pull rate limit|too many requests/i],
    means: () => ({
      what: "the registry limits how much may be pulled, and the limit is reached",
      fix: "Run docker login (or podman login), which has a limit of its own, or wait some hours. Then run the same command again.",
    }),
  },
  {
    name: "space",
    sentences: [/no space left on device|disk quota exceeded/i],
    means: () => ({
      what: "there is no space left where the engine keeps its data, or no inode",
      fix: "Make room (df -h, df -i, docker system df), then run the same command again.",
    }),
  },
  {
    name: "name",
    sentences: [
      // Docker; Podman
      /container name "?\/?(?<container>[^"\s]+)"? is already in use/,
      /network with name (?<network>\S+) already exists/,
      /network name (?<network>\S+) already used/,
    ],
    means: ({ container, network }) => ({
      what: `the name ${container ?? network} is in use on the engine`,
      fix: "Run npm run up again: it says whose it is, and what to do.",
    }),
  },
  {
    name: "image",
    sentences: [/no such image:? (?<image>\S+)/i, /manifest (?:for \S+ )?(?:unknown|not found)/, /image not known/],
    means: ({ image }) => ({
      what: `the image${image ? ` ${image}` : ""} is not on the engine any more, or not in its registry`,
      fix: "Run npm run up again, which brings it.",
    }),
  },
  {
    name: "program",
    sentences: [
      // runc; crun
      /exec:? "?(?<program>[^\s":]+)"?: (?:executable file not found|stat \S+: no such file or directory)/,
      /executable file `(?<program>[^`]+)` not found/,
    ],
    means: ({ program }) => ({
      what: `the image has no program ${program}, so that it is not one of this service's`,
      fix: "Name another one under images.refs.<service>, or remove it there.",
    }),
  },
  {
    name: "architecture",
    sentences: [/exec format error/i],
    means: () => ({
      what: "the image is for another kind of processor than this machine has",
      fix: "Name one for this machine under images.refs.<service>.",
    }),
  },
  {
    name: "network",
    sentences: [
      // Docker; Podman
      /network (?<network>[0-9a-f]{12,64}|\S+) not found/,
      /unable to find network with name or ID (?<network>\S+)/,
    ],
    means: () => ({
      what: "the network that a container was made for is not there any more: another one may have its name",
      fix: "Run npm run up, which puts the stack's own containers right. One of yours: docker network disconnect -f NETWORK CONTAINER, then docker network connect NETWORK CONTAINER, then docker start CONTAINER.",
    }),
  },
  {
    name: "memory controller",
    sentences: [
      /cannot set memory limit: container could not join or create cgroup/,
      /memory cgroup.*(?:not|isn't) (?:mounted|available)/i,
    ],
    means: () => ({
      what: "this machine gives the engine no control over memory (cgroups), so that no limit holds",
      fix: "Rootless: delegate the controllers (systemd: Delegate=cpu memory pids). Raspberry Pi: cgroup_enable=memory in cmdline.txt.",
    }),
  },
];

/** What a text that an engine's refusal stands in means; undefined where the table does not know it. */
export function refusalIn(text: string): Refusal | undefined {
  for (const { sentences, means } of kinds)
    for (const sentence of sentences) {
      const found = sentence.exec(text);
      if (found) return means(found.groups ?? {});
    }
  return undefined;
}

/** The engine's words in one line, without what clients write around them. */
export function engineWords(text: string): string {
  const [line = ""] = text
    .replace(/^\(HTTP code \d+\) [^-]+- /, "")
    .replace(/^.*?Error response from daemon: /s, "")
    .replace(/: provider=docker\S*/g, "")
    .trim()
    .split("\n");
  return line.trim();
}

/** A refusal as one text for an error: what it means, what to do, and the engine's own words. */
export function inWords({ what, fix }: Refusal, text: string): string {
  return `${what}.\n${fix}\nThe engine says: ${engineWords(text)}`;
}
