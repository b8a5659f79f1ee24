import { describe, expect, it } from "vitest";
import { engineWords, inWords, refusalIn } from "../../../lib/engine/refusals.ts";

/** What engines said, word for word, and what has to be told. */
const said: [engine: string, text: string, what: RegExp, fix: RegExp][] = [
  [
    "Docker 20.10",
    "Unable to start container: Error response from daemon: driver failed programming external connectivity on endpoint lab_caddy (dda8): Error starting userland proxy: listen tcp4 192.168.77.1:8000: bind: cannot assign requested address: provider=docker@5.2.0",
    /^the address 192\.168\.77\.1 is not one of this machine's \(now\), so that port 8000 cannot be published/,
    /exposure\.<service>\.address/,
  ],
  [
    "Docker 28",
    "failed to set up container networking: driver failed programming external connectivity on endpoint lab_caddy (1): failed to bind host port 192.168.77.1:8000/tcp: cannot assign requested address",
    /^the address 192\.168\.77\.1 is not/,
    /ip address/,
  ],
  [
    "Docker 20.10, IPv6",
    "Error starting userland proxy: listen tcp6 [fd00::1]:8000: bind: cannot assign requested address",
    /^the address fd00::1 is not/,
    /exposure/,
  ],
  [
    "Docker",
    "Bind for 127.0.0.1:8000 failed: port is already allocated",
    /^port 127\.0\.0\.1:8000 is taken/,
    /another port/,
  ],
  ["Docker", "listen tcp4 127.0.0.1:6379: bind: address already in use", /^port 127\.0\.0\.1:6379 is taken/, /Stop/],
  [
    "rootless",
    "cannot expose privileged port 80, you can add 'net.ipv4.ip_unprivileged_port_start=80'",
    /may not listen on port 80/,
    /1024/,
  ],
  [
    "Docker without apparmor_parser",
    'AppArmor enabled on system but the docker-default profile could not be loaded: running `/sbin/apparmor_parser apparmor_parser --version` failed with output: \nerror: exec: "/sbin/apparmor_parser": stat: no such file or directory',
    /^AppArmor is on, and the engine could not load the profile docker-default/,
    /apt-get install apparmor/,
  ],
  [
    "Podman",
    'AppArmor profile "containers-default-0.57.4" specified but not loaded',
    /the profile containers-default-0\.57\.4 for/,
    /restart the engine/,
  ],
  [
    "Docker without NVIDIA's toolkit",
    'Unable to start container: Error response from daemon: could not select device driver "" with capabilities: [[gpu]]',
    /^the engine knows no NVIDIA GPU/,
    /nvidia-ctk/,
  ],
  [
    "Podman without it",
    "setting up CDI devices: unresolvable CDI devices nvidia.com/gpu=all",
    /^the engine knows no NVIDIA GPU/,
    /nvidia-ctk cdi generate/,
  ],
  [
    "Docker",
    'Error response from daemon: error gathering device information while adding custom device "/dev/dri": no such file or directory',
    /^this machine has no device \/dev\/dri/,
    /devices/,
  ],
  ["Podman", "stat /dev/dri: no such file or directory", /^this machine has no device \/dev\/dri/, /devices/],
  [
    "runc in LXC",
    "OCI runtime create failed: runc create failed: unable to start container process: error during container init: open sysctl net.ipv4.ip_default_ttl file: reopen fd 8: permission denied",
    /LXC/,
    /lxc-pve/,
  ],
  [
    "snap",
    "error while creating mount source path '/srv/xnai/redis/data': mkdir /srv/xnai: read-only file system",
    /^Docker from snap .*\/srv\/xnai\/redis\/data/,
    /instead of snap/,
  ],
  [
    "runc, seccomp",
    'OCI runtime create failed: container_linux.go:380: starting container process caused: exec: "caddy": operation not permitted: unknown',
    /forbids the engine to start caddy/,
    /seccomp/,
  ],
  ["runc, seccomp, later", "exec /usr/bin/caddy: operation not permitted", /start \/usr\/bin\/caddy/, /journalctl/],
  [
    "AppArmor",
    "apparmor failed to apply profile: write /proc/self/attr/apparmor/exec: no such file",
    /AppArmor/,
    /denied/,
  ],
  [
    "Docker 20.10",
    "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network",
    /no range of addresses/,
    /default-address-pools/,
  ],
  ["Docker 28", "all predefined address pools have been fully subnetted", /no range of addresses/, /network prune/],
  ["Podman", "could not find free subnet from subnet pools", /no range of addresses/, /daemon\.json/],
  [
    "hub",
    "toomanyrequests: You have reached your unauthenticated pull rate limit.",
    /limits how much may be pulled/,
    /docker login/,
  ],
  ["Docker", "write /var/lib/docker/volumes/x: no space left on device", /no space left/, /df -i/],
  [
    "Docker",
    'Conflict. The container name "/lab_redis" is already in use by container "71680". You have to remove',
    /^the name lab_redis is in use/,
    /up again/,
  ],
  ["Podman", 'the container name "lab_redis" is already in use by 7168', /^the name lab_redis/, /up again/],
  ["Docker", "No such image: redis:8", /^the image redis:8 is not on the engine/, /up again/],
  ["Docker", "exec /usr/bin/redis-server: exec format error", /another kind of processor/, /images\.refs/],
  [
    "runc",
    'OCI runtime create failed: container_linux.go:380: starting container process caused: exec: "sh": executable file not found in $PATH: unknown',
    /the image has no program sh/,
    /images\.refs/,
  ],
  [
    "Docker",
    "network 63f1a820c14c43d4f20e62db6f4087e62d86b802a78a58949e2f41c8f1a58931 not found",
    /network that a container was made for/,
    /network connect/,
  ],
  [
    "Podman",
    "unable to find network with name or ID lab_network: network not found",
    /network that a container was made for/,
    /npm run up/,
  ],
  [
    "rootless",
    "cannot set memory limit: container could not join or create cgroup",
    /no control over memory/,
    /Delegate/,
  ],
];

describe("what an engine refuses", () => {
  it.each(said)("%s: %s", (_, text, what, fix) => {
    const refusal = refusalIn(text);
    expect(refusal?.what).toMatch(what);
    expect(refusal?.fix).toMatch(fix);
  });

  it("is not guessed at", () => {
    for (const text of [
      "",
      "No such container: abc",
      "server error",
      "permission denied",
      "network xnai_network is up",
    ])
      expect(refusalIn(text)).toBeUndefined();
  });
});

it("the engine's own words are quoted without what clients write around them", () => {
  const [, text] = said[0] as (typeof said)[0];
  expect(engineWords(text)).toMatch(/^driver failed .*cannot assign requested address$/);
  expect(engineWords("(HTTP code 500) server error - no space left on device ")).toBe("no space left on device");
  expect(inWords({ what: "It is full", fix: "Make room." }, "(HTTP code 500) server error - full")).toBe(
    "It is full.\nMake room.\nThe engine says: full",
  );
});
