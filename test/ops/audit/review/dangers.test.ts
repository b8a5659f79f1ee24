import { describe, expect, it } from "vitest";
import { plainDocker } from "../../../../lib/engine/traits.ts";
import { type Changes, comparedChanges, proposedChanges } from "../../../../ops/audit/review/changes.ts";
import { dangers } from "../../../../ops/audit/review/dangers/index.ts";
import { dockerTypes, type PulumiResource } from "../../../../policies/facts/pulumi.ts";
import { changed, goodContainer, goodStack, resource } from "../../../policies/support/stack.ts";
import { event, log } from "./event-log.ts";

const said = ({ changes, unchanged }: Changes) => dangers(changes, unchanged);
const without = (name: string) => goodStack().filter((each) => each.name !== name);

describe("what a change does, in words", () => {
  it.each([
    ["nothing", goodStack(), []],
    [
      "a port on another address",
      changed("redis", { ports: [{ internal: 6379, external: 6379, ip: "0.0.0.0" }] }),
      [
        "Port 6379 opens on 0.0.0.0 for app_redis (container port 6379): whoever reaches this machine, by any of its addresses, can connect.",
        "Port 6379 closes on 127.0.0.1: what connects to it there no longer reaches app_redis.",
      ],
    ],
    [
      "a name for the host, and a device",
      changed("redis", {
        hosts: [
          { host: "host.docker.internal", ip: "host-gateway" },
          { host: "other", ip: "10.0.0.7" },
        ],
        devices: [{ hostPath: "/dev/dri" }],
      }),
      [
        "Container app_redis gets device /dev/dri.",
        "Container app_redis reaches what listens on the host, as host.docker.internal.",
      ],
    ],
    [
      "one more port",
      changed("caddy", {
        ports: [
          { internal: 8000, external: 8000, ip: "127.0.0.1" },
          { internal: 8443, external: 8443, ip: "127.0.0.1" },
        ],
      }),
      ["Port 8443 opens on 127.0.0.1 for app_caddy (container port 8443)."],
    ],
    [
      "an image",
      changed("redis", { image: "redis:9" }),
      [
        expect.stringMatching(
          /^Image of app_redis changes from redis:1\.2\.3@sha256:.* to redis:9 \(without a digest: whatever the tag points to on the day\)\.$/,
        ),
      ],
    ],
    [
      "an image that hides behind its tag",
      changed("redis", { image: `redis:1.2.3@sha256:${"cd".repeat(32)}` }),
      [expect.stringMatching(/abab.* to redis:1\.2\.3@sha256:cdcd.* \(the same tag, another digest\)\.$/)],
    ],
    [
      "one more port on the LAN by udp",
      changed("redis", {
        ports: [
          { internal: 6379, external: 6379, ip: "127.0.0.1" },
          { internal: 53, external: 53, ip: "192.168.1.10", protocol: "udp" },
        ],
      }),
      [
        "Port 53/udp opens on 192.168.1.10 for app_redis (container port 53): whoever reaches that address can connect.",
      ],
    ],
    [
      "a port that closes",
      changed("qdrant", { ports: [{ internal: 6333, external: 6333, ip: "127.0.0.1" }] }),
      ["Port 6334 closes on 127.0.0.1: what connects to it there no longer reaches app_qdrant."],
    ],
    [
      "a way out",
      changed("redis", { sysctls: {} }),
      [
        "A way out opens: app_redis can connect to whatever this host can reach, the internet included (until now: this host only).",
      ],
    ],
    [
      "a way out to the LAN",
      changed("redis", {
        ports: [{ internal: 6379, external: 6379, ip: "192.168.1.10" }],
        sysctls: { "net.ipv4.ip_default_ttl": "2" },
      }),
      expect.arrayContaining([
        "A way out opens: app_redis can connect to hosts on the same network (until now: this host only).",
      ]),
    ],
    [
      "protections that go",
      changed("redis", { securityOpts: [] }),
      ["Container app_redis loses the protection no-new-privileges."],
    ],
    [
      "the owner of data",
      changed("prepare", {
        labels: [
          { label: "io.xnai.service", value: "qdrant" },
          { label: "io.xnai.role", value: "task" },
          { label: "io.xnai.owner", value: "1001:1001" },
        ],
      }),
      ["Data and files of qdrant are given to 1001:1001 instead of 1000:1000."],
    ],
    ["a user", changed("redis", { user: "0:0" }), ["User of app_redis changes from 1000:1000 to 0:0."]],
    ["privileges", changed("redis", { privileged: true }), ["Container app_redis becomes privileged."]],
    [
      "a capability",
      changed("redis", { capabilities: { drops: ["ALL"], adds: ["SYS_ADMIN"] } }),
      ["Container app_redis gets the capability SYS_ADMIN."],
    ],
    [
      "a writable root",
      changed("redis", { readOnly: false }),
      ["Container app_redis may write to its root file system."],
    ],
    [
      "a mount",
      changed("redis", { volumes: [{ hostPath: "/etc", containerPath: "/e", readOnly: true }] }),
      ["Container app_redis mounts /etc at /e (read-only)."],
    ],
    [
      "a mount that becomes writable, and one that goes",
      changed("qdrant", { volumes: [{ volumeName: "app_qdrant_data", containerPath: "/elsewhere" }] }),
      [
        "Container app_qdrant mounts app_qdrant_data at /elsewhere (writable).",
        "Container app_qdrant no longer mounts app_qdrant_data at /qdrant/storage (writable).",
      ],
    ],
    [
      "a new container that may do everything",
      [
        ...goodStack(),
        resource("container", "new", {
          ...goodContainer("new", "app_network"),
          privileged: true,
          ports: [{ internal: 1, external: 1, ip: "127.0.0.1" }],
          volumes: [{ hostPath: "/etc", containerPath: "/e" }],
        }),
      ],
      ["Container app_new becomes privileged.", "Container app_new mounts /etc at /e (writable)."],
    ],
    [
      "a network",
      changed("redis", { networksAdvanced: [{ name: "app_network" }, { name: "app_egress" }] }),
      ["Container app_redis joins the network app_egress."],
    ],
    ["a network that opens", changed("back", { internal: false }), ["Network app_db is no longer internal."]],
    ["a container that goes", without("postgres"), ["Container app_postgres is removed."]],
    [
      "a container that goes, with its ports",
      without("redis"),
      [
        "Port 6379 closes on 127.0.0.1: what connects to it there no longer reaches app_redis.",
        "Container app_redis is removed.",
      ],
    ],
    [
      "a volume of a service that is switched off, which holds no data",
      [],
      [],
      [
        resource("volume", "redis-config", {
          name: "app_redis_config",
          labels: [{ label: "io.xnai.role", value: "config" }],
        }),
      ],
    ],
    [
      "a volume that goes, and is kept",
      without("data"),
      ["Volume app_qdrant_data is removed: its data stays on the engine, but nothing uses it any more."],
    ],
    [
      "a volume that is no longer kept",
      goodStack().map((each) => (each.name === "data" ? { ...each, retained: false } : each)),
      ["Volume app_qdrant_data is no longer retained: a destroy would delete its data."],
    ],
  ] as [string, PulumiResource[], unknown, PulumiResource[]?][])("%s", (_, after, expected, before = goodStack()) =>
    expect(said(comparedChanges(before, after))).toEqual(expected),
  );

  it("says once what is true of several", () => {
    const image = `busybox:2@sha256:${"cd".repeat(32)}`;
    const tasks = (more: object) =>
      ["a", "b"].map((name) =>
        resource("container", name, { ...goodContainer(name, "n"), name: `app_${name}`, ...more }),
      );
    const [only, ...more] = said(comparedChanges(tasks({ image: "busybox:1" }), tasks({ image })));
    expect(only).toMatch(/^Image of app_a, app_b changes from busybox:1 to busybox:2@/);
    expect(more).toEqual([]);
  });

  it("puts lost data first", () => {
    const before = goodStack().map((each) => (each.name === "data" ? { ...each, retained: false } : each));
    const after = changed("redis", { image: "redis:9" }).filter(({ name }) => name !== "data");
    expect(said(comparedChanges(before, after))[0]).toBe("Volume app_qdrant_data is removed: its data is deleted.");
  });

  it("reads replacements from a preview", () => {
    const volume = { name: "app_data", labels: [] };
    const events = log(
      event("create-replacement", dockerTypes.volume, "data", volume, { ...volume, driver: "other" }),
      event("replace", dockerTypes.volume, "data", volume, { ...volume, driver: "other" }),
      event("delete-replaced", dockerTypes.volume, "data", volume),
      event("delete", "random:index/randomPassword:RandomPassword", "redis-password", { length: 32 }),
    );
    expect(said(proposedChanges(events))).toEqual([
      "Volume app_data is replaced: its data is deleted.",
      "Password redis-password is removed.",
    ]);
  });
});

describe("a way out", () => {
  const docker = plainDocker;
  const podman = { ...plainDocker, kind: "podman" as const, rootless: true };
  /** Redis without a limit of hops, on a network that publishes. */
  const redis = (options: Record<string, string>, sysctls: Record<string, string> = {}) => [
    resource("network", "web", { name: "app_web", internal: false, options }),
    resource("container", "redis", goodContainer("redis", "app_web", { sysctls })),
  ];
  const noRoute = redis({ no_default_route: "true" });
  const opens = (before: PulumiResource[], after: PulumiResource[], engines: Parameters<typeof dangers>[2]) => {
    const { changes, unchanged } = comparedChanges(before, after);
    return dangers(changes, unchanged, engines).filter((sentence) => sentence.startsWith("A way out opens"));
  };

  it("is none in a network without a route, where the engine knows such", () => {
    expect(opens([], noRoute, { before: docker, after: podman })).toEqual([]);
    expect(opens([], noRoute, { before: docker, after: docker })).toHaveLength(1);
  });

  it("opens as that network gets a route", () => {
    const engines = { before: podman, after: podman };
    expect(opens(noRoute, redis({ no_default_route: "false" }), engines)).toEqual([
      "A way out opens: app_redis can connect to whatever this host can reach, the internet included (until now: this host only).",
    ]);
  });

  it("is judged by the engine that each of both is for", () => {
    expect(opens(noRoute, noRoute, { before: podman, after: podman })).toEqual([]);
    expect(opens(noRoute, noRoute, { before: podman, after: docker })).toHaveLength(1);
  });
});
