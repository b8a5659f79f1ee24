import { changed, type RuleCases, unknown } from "../case.ts";

const redis = (props: Record<string, unknown>) => changed("redis", props);
/** Mounts read-only, so that no rule about writing has a say. */
const mounts = (...list: object[]) => redis({ volumes: list.map((each) => ({ readOnly: true, ...each })) });
const bind = (hostPath: unknown, more = {}) => mounts({ hostPath, containerPath: "/in", ...more });

export const hostMountCases: RuleCases[] = [
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
      "LXD's": { stack: bind("/var/snap/lxd/common/lxd/unix.socket"), on: "app_redis", says: ["unix.socket"] },
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
          "/home/me",
          "/home/me/",
          "/root/data",
          "/var/lib",
          "/var/lib/kubelet/pods",
          "/var/lib/containerd",
          "/var/lib/libvirt",
          "/var/lib/dpkg",
          "~",
          "~/.ssh",
          "~/.aws/credentials",
          "/srv/app/.git-credentials",
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
      "below a home directory, whoever's it is": { stack: bind("~/data") },
      "what lies beside the file": { stack: bind("../data") },
      "a service's data in /var/lib": { stack: bind("/var/lib/myapp") },
      "a database's data in /var/lib": { stack: bind("/var/lib/postgresql/data") },
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
];
