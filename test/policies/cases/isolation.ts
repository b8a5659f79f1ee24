import { changed, goodStack, type RuleCases, unknown } from "./case.ts";

const redis = (props: Record<string, unknown>) => changed("redis", props);
const job = (props: Record<string, unknown>) => changed("prepare", props);
const adds = (name: string, ...list: unknown[]) => changed(name, { capabilities: { drops: ["ALL"], adds: list } });
/** Mounts read-only, so that no rule about writing has a say. */
const mounts = (...list: object[]) => redis({ volumes: list.map((each) => ({ readOnly: true, ...each })) });
const bind = (hostPath: unknown, more = {}) => mounts({ hostPath, containerPath: "/in", ...more });
const qdrantData = (more = {}) => ({ volumeName: "app_qdrant_data", containerPath: "/qdrant/storage", ...more });

function namespaceCases(rule: string, property: string, values = ["host"]): RuleCases {
  const on = "app_redis";
  return {
    rule,
    breaks: Object.fromEntries(
      values.map((value) => [
        value,
        { stack: redis({ [property]: value }), on, says: [`${property} "${value}"`, `Remove ${property}`] },
      ]),
    ),
    passes: { private: { stack: redis({ [property]: "private" }) } },
    absent: { stack: redis({ [property]: undefined }), verdict: "pass" },
    unknown: { stack: redis({ [property]: unknown }), path: property },
  };
}

const hostNetwork = namespaceCases("no-host-network", "networkMode");

export const isolationCases: RuleCases[] = [
  {
    rule: "not-privileged",
    breaks: {
      set: { stack: redis({ privileged: true }), on: "app_redis", says: ["is privileged", "Remove privileged"] },
    },
    passes: { "set to false": { stack: redis({ privileged: false }) } },
    absent: { stack: goodStack(), verdict: "pass" },
    unknown: { stack: redis({ privileged: unknown }), path: "privileged" },
  },
  {
    rule: "non-root-user",
    breaks: {
      "none named": {
        stack: redis({ user: undefined }),
        on: "app_redis",
        says: ["names no user", 'user: "1000:1000"'],
      },
      empty: { stack: redis({ user: "" }), on: "app_redis", says: ["names no user"] },
      root: { stack: redis({ user: "root" }), on: "app_redis", says: ["runs as root (root)"] },
      "0": { stack: redis({ user: "0" }), on: "app_redis", says: ["runs as root (0)"] },
      "0:1000": { stack: redis({ user: "0:1000" }), on: "app_redis", says: ["runs as root"] },
      "00": { stack: redis({ user: "00" }), on: "app_redis", says: ["runs as root"] },
      "root's group": { stack: redis({ user: "1000:0" }), on: "app_redis", says: ["root's group"] },
      "root's group by name": { stack: redis({ user: "1000:root" }), on: "app_redis", says: ["root's group"] },
      "a Job with a network": {
        stack: job({ networkMode: "bridge", networksAdvanced: [{ name: "app_db" }], capabilities: { drops: ["ALL"] } }),
        config: { "writable-mount-owned": "disabled" },
        on: "app_qdrant_prepare",
        says: ["runs as root (0:0)", "take its network away"],
      },
      "a Job that names no user": {
        stack: job({ user: undefined }),
        on: "app_qdrant_prepare",
        says: ["names no user"],
      },
    },
    passes: { "a number alone": { stack: redis({ user: "1000" }) }, "a name": { stack: redis({ user: "redis" }) } },
    absent: { stack: redis({ user: undefined }), verdict: "violation" },
    unknown: { stack: redis({ user: unknown }), path: "user" },
  },
  {
    rule: "read-only-root",
    breaks: {
      writable: {
        stack: redis({ readOnly: false }),
        on: "app_redis",
        says: ["can write to its root", "readOnly: true"],
      },
    },
    absent: { stack: redis({ readOnly: undefined }), verdict: "violation" },
    unknown: { stack: redis({ readOnly: unknown }), path: "readOnly" },
  },
  {
    rule: "capabilities-dropped",
    breaks: {
      "none dropped": {
        stack: redis({ capabilities: undefined }),
        on: "app_redis",
        says: ["default capabilities", 'drops: ["ALL"]'],
      },
      "one dropped": {
        stack: redis({ capabilities: { drops: ["NET_RAW"] } }),
        on: "app_redis",
        says: ["default capabilities"],
      },
    },
    passes: {
      "in small letters": { stack: redis({ capabilities: { drops: ["all"] } }) },
      "all, beside something unknown": { stack: redis({ capabilities: { drops: [unknown, "ALL"] } }) },
    },
    absent: { stack: redis({ capabilities: {} }), verdict: "violation" },
    unknown: { stack: redis({ capabilities: { drops: [unknown] } }), path: "capabilities.drops" },
  },
  {
    rule: "capabilities-allowed",
    breaks: {
      SYS_ADMIN: {
        stack: adds("redis", "SYS_ADMIN"),
        on: "app_redis",
        says: ["capability SYS_ADMIN", "NET_BIND_SERVICE", "capabilities-allowed"],
      },
      "with its prefix": { stack: adds("redis", "CAP_SYS_PTRACE"), on: "app_redis", says: ["CAP_SYS_PTRACE"] },
      ALL: { stack: adds("redis", "ALL"), on: "app_redis", says: ["ALL"] },
      "what only a Job may": { stack: adds("redis", "CHOWN"), on: "app_redis", says: ["CHOWN"] },
      "more than a Job may": {
        stack: adds("prepare", "CHOWN", "SYS_MODULE"),
        on: "app_qdrant_prepare",
        says: ["SYS_MODULE", "for a Job"],
      },
      "a Job with a network": {
        stack: job({ user: "1000:1000", networkMode: "bridge", networksAdvanced: [{ name: "app_db" }] }),
        on: "app_qdrant_prepare",
        says: ["CAP_CHOWN"],
      },
    },
    passes: { "what Caddy needs": { stack: adds("redis", "cap_net_bind_service") } },
    absent: { stack: adds("redis"), verdict: "pass" },
    unknown: { stack: adds("redis", unknown), path: "capabilities.adds[0]" },
    configured: {
      "one more": {
        stack: adds("redis", "IPC_LOCK"),
        config: { "capabilities-allowed": { allowed: ["IPC_LOCK", "NET_BIND_SERVICE"] } },
        verdict: "pass",
      },
      "none for Jobs": { stack: goodStack(), config: { "capabilities-allowed": { job: [] } }, verdict: "violation" },
    },
  },
  {
    rule: "no-new-privileges",
    breaks: {
      "not set": {
        stack: redis({ securityOpts: [] }),
        on: "app_redis",
        says: ["setuid", 'securityOpts: ["no-new-privileges"]'],
      },
      "set to false": {
        stack: redis({ securityOpts: ["no-new-privileges:false"] }),
        on: "app_redis",
        says: ["setuid"],
      },
    },
    passes: {
      "with a colon": { stack: redis({ securityOpts: ["no-new-privileges:true"] }) },
      "with an equals sign": { stack: redis({ securityOpts: ["no-new-privileges=true"] }) },
    },
    absent: { stack: redis({ securityOpts: undefined }), verdict: "violation" },
    unknown: { stack: redis({ securityOpts: [unknown] }), path: "securityOpts" },
  },
  {
    rule: "kernel-confined",
    breaks: Object.fromEntries(
      [
        "seccomp=unconfined",
        "seccomp:unconfined",
        "apparmor=unconfined",
        "apparmor:unconfined",
        "label=disable",
        "label:disable",
        "systempaths=unconfined",
      ].map((option) => [
        option,
        { stack: redis({ securityOpts: ["no-new-privileges", option] }), on: "app_redis", says: [`(${option})`] },
      ]),
    ),
    passes: {
      "a profile of one's own": {
        stack: redis({ securityOpts: ["no-new-privileges", "seccomp=/etc/p.json", "apparmor=mine"] }),
      },
    },
    absent: { stack: goodStack(), verdict: "pass" },
    unknown: { stack: redis({ securityOpts: ["no-new-privileges", unknown] }), path: "securityOpts[1]" },
  },
  { ...hostNetwork, passes: { none: { stack: redis({ networkMode: "none", networksAdvanced: [], ports: [] }) } } },
  namespaceCases("no-host-pid", "pidMode"),
  namespaceCases("no-host-ipc", "ipcMode", ["host", "shareable"]),
  namespaceCases("no-host-userns", "usernsMode"),
  namespaceCases("no-host-cgroupns", "cgroupnsMode"),
  {
    rule: "cgroup-default",
    breaks: {
      another: {
        stack: redis({ cgroupParent: "/system.slice" }),
        on: "app_redis",
        says: ["/system.slice", "Remove cgroupParent"],
      },
    },
    absent: { stack: goodStack(), verdict: "pass" },
    unknown: { stack: redis({ cgroupParent: unknown }), path: "cgroupParent" },
  },
  {
    rule: "no-devices",
    breaks: {
      "a device": {
        stack: redis({ devices: [{ hostPath: "/dev/kvm" }] }),
        on: "app_redis",
        says: ["device /dev/kvm", "Remove devices[0]"],
      },
      "a device request": {
        stack: redis({ deviceRequests: [{ count: -1 }] }),
        on: "app_redis",
        says: ["device request"],
      },
      GPUs: { stack: redis({ gpus: "all" }), on: "app_redis", says: ["GPUs all"] },
      "a cgroup rule": { stack: redis({ deviceCgroupRules: ["c 1:3 mr"] }), on: "app_redis", says: ["c 1:3 mr"] },
    },
    absent: { stack: goodStack(), verdict: "pass" },
    unknown: { stack: redis({ gpus: unknown }), path: "devices[0]" },
    configured: {
      "one that may": {
        stack: redis({ gpus: "all" }),
        config: { "no-devices": { containers: ["app_redis"] } },
        verdict: "pass",
      },
    },
  },
  {
    rule: "no-docker-socket",
    breaks: {
      mounted: {
        stack: bind("/var/run/docker.sock"),
        on: "app_redis",
        says: ["/var/run/docker.sock", "Remove volumes[0]"],
      },
      "where it really is": { stack: bind("/run/docker.sock"), on: "app_redis", says: ["/run/docker.sock"] },
      "as a mount": {
        stack: redis({ mounts: [{ type: "bind", source: "/var/run/docker.sock", target: "/s", readOnly: true }] }),
        on: "app_redis",
        says: ["mounts[0]"],
      },
      "Podman's": { stack: bind("/run/user/1000/podman/podman.sock"), on: "app_redis", says: ["podman.sock"] },
      "containerd's": { stack: bind("/run/containerd/containerd.sock"), on: "app_redis", says: ["containerd.sock"] },
      "from elsewhere, but as the socket": {
        stack: bind("/srv/proxy/x.sock", { containerPath: "/var/run/docker.sock" }),
        on: "app_redis",
        says: ["docker.sock"],
      },
      "through a volume": {
        stack: changed("data", { driverOpts: { type: "none", o: "bind", device: "/var/run/docker.sock" } }),
        config: { "no-sensitive-host-path": "disabled" },
        on: "app_qdrant_data",
        says: ["Remove this volume"],
      },
    },
    absent: { stack: redis({ volumes: undefined }), verdict: "pass" },
    unknown: { stack: bind(unknown), path: "volumes[0]" },
    configured: {
      "one that may": {
        stack: bind("/var/run/docker.sock"),
        config: { "no-docker-socket": { containers: ["app_redis"] } },
        verdict: "pass",
      },
    },
  },
  {
    rule: "no-sensitive-host-path",
    breaks: {
      ...Object.fromEntries(
        [
          "/",
          "/etc",
          "/etc/",
          "/etc/ssh",
          "/proc",
          "/sys/fs/cgroup",
          "/dev",
          "/boot",
          "/usr/lib",
          "/lib",
          "/root/.ssh",
          "/var/run",
          "/run",
          "/var",
          "/home",
          "/var/lib/docker/volumes",
          "/srv/../etc",
          "/home/me/.ssh",
          "/srv/keys/.gnupg/x",
          "//etc",
        ].map((path) => [path, { stack: bind(path), on: "app_redis", says: ["of the host"] }]),
      ),
      "through a volume": {
        stack: changed("data", { driverOpts: { type: "none", o: "bind", device: "/etc" } }),
        on: "app_qdrant_data",
        says: ["the host's /etc"],
      },
      "the time, writable": {
        stack: mounts({ hostPath: "/etc/localtime", containerPath: "/etc/localtime", readOnly: false }),
        config: { "writable-mount-owned": "disabled", "stops-gracefully": "disabled" },
        on: "app_redis",
        says: ["/etc/localtime"],
      },
    },
    passes: {
      "a directory of its own": { stack: bind("/srv/xnai/redis") },
      "below /home": { stack: bind("/home/me/data") },
      "something that only begins so": { stack: bind("/etcetera") },
      "the time, read-only": { stack: bind("/etc/localtime") },
    },
    absent: { stack: redis({ volumes: undefined }), verdict: "pass" },
    unknown: { stack: bind(unknown), path: "volumes[0]" },
    configured: {
      "certificates, read-only": {
        stack: bind("/etc/ssl/certs"),
        config: { "no-sensitive-host-path": { allowed: ["/etc/ssl/certs"] } },
        verdict: "pass",
      },
    },
  },
  {
    rule: "no-shared-propagation",
    breaks: Object.fromEntries(
      ["shared", "rshared", "slave", "rslave"].map((propagation) => [
        propagation,
        {
          stack: redis({
            mounts: [{ type: "bind", source: "/srv/a", target: "/a", readOnly: true, bindOptions: { propagation } }],
          }),
          on: "app_redis",
          says: [`${propagation} propagation`],
        },
      ]),
    ),
    passes: {
      rprivate: {
        stack: redis({
          mounts: [
            { type: "bind", source: "/srv/a", target: "/a", readOnly: true, bindOptions: { propagation: "rprivate" } },
          ],
        }),
      },
    },
    absent: {
      stack: redis({ mounts: [{ type: "bind", source: "/srv/a", target: "/a", readOnly: true }] }),
      verdict: "pass",
    },
    unknown: {
      stack: redis({
        mounts: [
          { type: "bind", source: "/srv/a", target: "/a", readOnly: true, bindOptions: { propagation: unknown } },
        ],
      }),
      path: "mounts[0].bindOptions",
    },
  },
  {
    rule: "volume-written-by-one",
    breaks: {
      "two writers": {
        stack: redis({ volumes: [qdrantData()], destroyGraceSeconds: 30 }),
        on: "app_redis",
        says: ["app_qdrant_data, and so does app_qdrant", "read-only"],
      },
    },
    passes: {
      "one reads": { stack: redis({ volumes: [qdrantData({ readOnly: true })] }) },
      "a Job writes too": { stack: goodStack() },
    },
    absent: { stack: redis({ volumes: undefined }), verdict: "pass" },
    unknown: { stack: redis({ volumes: [qdrantData({ readOnly: unknown })] }), path: "volumes[0].readOnly" },
  },
  {
    rule: "no-private-relabel",
    breaks: {
      "what another mounts too": {
        stack: redis({ volumes: [qdrantData({ readOnly: true, selinuxRelabel: "Z" })] }),
        on: "app_redis",
        says: ["(:Z)", "app_qdrant", 'selinuxRelabel: "z"'],
      },
      "what the system uses": {
        stack: bind("/etc/localtime", { selinuxRelabel: "Z" }),
        on: "app_redis",
        says: ["the system uses"],
      },
    },
    passes: {
      "its own": { stack: bind("/srv/redis", { selinuxRelabel: "Z" }) },
      "shared, as it should be": { stack: redis({ volumes: [qdrantData({ readOnly: true, selinuxRelabel: "z" })] }) },
    },
    absent: { stack: redis({ volumes: [qdrantData({ readOnly: true })] }), verdict: "pass" },
    unknown: { stack: bind("/srv/redis", { selinuxRelabel: unknown }), path: "volumes[0]" },
  },
  {
    rule: "writable-mount-owned",
    breaks: {
      "another user": {
        stack: changed("qdrant", { user: "1001:1001" }),
        on: "app_qdrant",
        says: [
          "runs as 1001:1001 and writes to app_qdrant_data, which belongs to 1000:1000",
          "prepared by app_qdrant_prepare",
        ],
      },
      "another group": { stack: changed("qdrant", { user: "1000:1001" }), on: "app_qdrant", says: ["1000:1001"] },
      "a Job for somebody else": {
        stack: job({
          labels: [
            { label: "io.xnai.service", value: "qdrant" },
            { label: "io.xnai.owner", value: "1001:1001" },
          ],
        }),
        on: "app_qdrant",
        says: ["belongs to 1001:1001"],
      },
      "a Job that says nothing": {
        stack: job({ labels: [{ label: "io.xnai.service", value: "qdrant" }] }),
        on: "app_qdrant",
        says: ["nothing makes that belong to 1000:1000", "io.xnai.owner=1000:1000"],
      },
      "a Job that may not chown": { stack: adds("prepare", "FOWNER"), on: "app_qdrant", says: ["nothing makes"] },
      "a Job that only reads it": {
        stack: job({ volumes: [qdrantData({ readOnly: true })] }),
        on: "app_qdrant",
        says: ["nothing makes"],
      },
      "no Job": {
        stack: goodStack().filter(({ name }) => name !== "prepare"),
        on: "app_qdrant",
        says: ["nothing makes"],
      },
      "a host directory": {
        stack: redis({ volumes: [{ hostPath: "/srv/redis", containerPath: "/data" }], destroyGraceSeconds: 30 }),
        on: "app_redis",
        says: ["/srv/redis"],
      },
    },
    passes: {
      "a host directory that a Job prepares": {
        stack: redis({ volumes: [{ hostPath: "/srv/x/redis", containerPath: "/data" }], destroyGraceSeconds: 30 }).map(
          (each) =>
            each.name === "prepare"
              ? {
                  ...each,
                  props: {
                    ...(each.props as object),
                    volumes: [qdrantData(), { hostPath: "/srv/x", containerPath: "/x" }],
                  },
                }
              : each,
        ),
      },
      "the user without its group": { stack: changed("qdrant", { user: "1000" }) },
      "a read-only mount": { stack: redis({ volumes: [qdrantData({ readOnly: true })] }) },
    },
    absent: { stack: changed("qdrant", { volumes: undefined }), verdict: "pass" },
    unknown: { stack: changed("qdrant", { user: unknown }), path: "user" },
    configured: {
      "known to be right": {
        stack: goodStack().filter(({ name }) => name !== "prepare"),
        config: { "writable-mount-owned": { trusted: ["app_qdrant_data"] } },
        verdict: "pass",
      },
    },
  },
];
