import { describe, expect, it } from "vitest";
import type { PlainContainer } from "../../../../components/engine/api/create-options.ts";
import { formsOf } from "../../../../components/engine/forms/index.ts";
import { plainDocker } from "../../../../lib/engine/traits.ts";

const podman = { ...plainDocker, kind: "podman" as const };
const written = {
  image: "redis:8",
  capabilities: { drops: ["ALL"], adds: [] as string[] },
  logOpts: { "max-size": "10m" },
  ulimits: [{ name: "nofile", soft: 1024, hard: 1024 }],
  sysctls: { "net.ipv4.ip_default_ttl": "1" },
  memory: 64,
  memorySwap: 64,
  cpus: "1.0",
  stopSignal: "SIGINT",
  healthcheck: { tests: ["CMD", "redis-cli", "ping"], interval: "30s" },
  tmpfs: { "/tmp": "rw,size=1m,mode=1777", "/var/run/postgresql": "rw,mode=1777" },
} as PlainContainer;
const container = (more: Partial<PlainContainer> = {}, engine = podman) =>
  formsOf(podman).container({ ...written, ...more }, engine);

describe("a container on Podman", () => {
  it("is as Podman reads it back", () => {
    expect(container()).toEqual({
      image: "redis:8",
      capabilities: {
        adds: [],
        drops: "CHOWN DAC_OVERRIDE FOWNER FSETID KILL NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT".split(
          " ",
        ),
      },
      memory: 64,
      memorySwap: 64,
      cpus: "1.0",
      stopSignal: "2",
      healthcheck: { tests: ["CMD", "redis-cli", "ping"], interval: "30s" },
      tmpfs: {
        "/tmp": "rw,size=1m,mode=1777,rprivate,tmpcopyup",
        "/run/postgresql": "rw,mode=1777,rprivate,tmpcopyup",
      },
    });
  });

  it("keeps a capability that it needs instead of adding it", () => {
    const { capabilities } = container({ capabilities: { drops: ["ALL"], adds: ["CAP_NET_BIND_SERVICE"] } });
    expect(capabilities?.adds).toEqual([]);
    expect(capabilities?.drops).not.toContain("NET_BIND_SERVICE");
    expect(capabilities?.drops).toHaveLength(10);
  });

  it("reads any signal back as its number", () => {
    expect(container({ stopSignal: "SIGUSR1" }).stopSignal).toBe("10");
    expect(container({ stopSignal: "SIGRTMIN+3" }).stopSignal).toBe("SIGRTMIN+3");
  });

  it("asks for GPUs in the words that Podman heeds", () => {
    const { gpus, deviceRequests } = container({ gpus: "all" });
    expect(gpus).toBeUndefined();
    expect(deviceRequests).toEqual([{ driver: "cdi", deviceIds: ["nvidia.com/gpu=all"] }]);
  });

  it("is told no limit that its engine has no controller for", () => {
    const none = { ...podman, limits: { memory: false, cpu: false, pids: false } };
    for (const limit of ["memory", "memorySwap", "cpus"]) expect(container({}, none)).not.toHaveProperty(limit);
  });

  it.each([
    [
      ["CMD", "wget", "-q", "http://127.0.0.1:8000/"],
      ["CMD", "wget", "-q", "http://127.0.0.1:8000/"],
    ],
    [
      ["CMD", "sh", "-c", "a && b 'c d'"],
      ["CMD-SHELL", "a && b 'c d'"],
    ],
    [
      ["CMD", "psql", "-c", "SELECT 'it''s'"],
      ["CMD-SHELL", `'psql' '-c' 'SELECT '\\''it'\\'''\\''s'\\'''`],
    ],
    [
      ["CMD", "sh", "-c", "exit $1", "name", "0"],
      ["CMD-SHELL", "'sh' '-c' 'exit $1' 'name' '0'"],
    ],
  ])("has its health check split nowhere: %j", (tests, wanted) => {
    expect(container({ healthcheck: { tests } }).healthcheck?.tests).toEqual(wanted);
  });
});

it("a task's tmpfs has no owner there, so that everybody in the container may write to it", () => {
  const tmpfs = { "/files": "rw,noexec,mode=0700,uid=1000,gid=1000", "/tmp": "rw,mode=0750" };
  expect(formsOf(podman).task({ ...written, tmpfs }).tmpfs).toEqual({
    "/files": "rw,noexec,mode=1777",
    "/tmp": "rw,mode=0750",
  });
  expect(formsOf(plainDocker).task({ ...written, tmpfs }).tmpfs).toEqual(tmpfs);
});

it.each([
  ["redis:8@sha256:ab", "docker.io/library/redis@sha256:ab"],
  ["qdrant/qdrant:v1@sha256:ab", "docker.io/qdrant/qdrant@sha256:ab"],
  ["ghcr.io/me/app:2@sha256:ab", "ghcr.io/me/app@sha256:ab"],
  ["xnai.local/redis:7-0123456789ab", "xnai.local/redis:7-0123456789ab"],
  ["localhost/mine:1", "localhost/mine:1"],
])("the image %s is %s there", (reference, wanted) => {
  expect(formsOf(podman).image(reference)).toBe(wanted);
  expect(formsOf(plainDocker).image(reference)).toBe(reference);
});
