// A stack that is right in every respect, small enough to read: the tests break one thing in it at a time.

import { markerType } from "../../../policies/facts/marker.ts";
import type { ContainerFacts, Facts } from "../../../policies/facts/model.ts";
import type { PulumiResource } from "../../../policies/facts/pulumi.ts";
import { dockerTypes, factsOf } from "../../../policies/facts/pulumi.ts";

type Props = Record<string, unknown>;

/** The value with which Pulumi's wire format says "a string, not known yet". */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const digest = `sha256:${"ab".repeat(32)}`;

export function resource(
  type: keyof typeof dockerTypes | string,
  name: string,
  props: Props,
  more = {},
): PulumiResource {
  const token = dockerTypes[type as keyof typeof dockerTypes] ?? type;
  return { type: token, name, urn: `urn:pulumi:test::app::${token}::${name}`, props, ...more };
}

const labels = (service: string, role = "service") => [
  { label: "io.xnai.stack", value: "app" },
  { label: "io.xnai.service", value: service },
  { label: "io.xnai.role", value: role },
];

/** Inputs of a container that no rule objects to. */
export function goodContainer(service: string, network: string, more: Props = {}): Props {
  return {
    name: `app_${service}`,
    image: `${service}:1.2.3@${digest}`,
    user: "1000:1000",
    labels: labels(service),
    networkMode: "bridge",
    networksAdvanced: [{ name: network, aliases: [service] }],
    dns: ["127.0.0.1"],
    sysctls: { "net.ipv4.ip_default_ttl": "1" },
    readOnly: true,
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges"],
    memory: 256,
    memorySwap: 256,
    cpus: "1",
    ulimits: [{ name: "nofile", soft: 1024, hard: 1024 }],
    logDriver: "json-file",
    logOpts: { "max-size": "10m", "max-file": "3" },
    restart: "unless-stopped",
    healthcheck: { tests: ["CMD", "true"], interval: "1s" },
    ...more,
  };
}

/** A front door, a redis that publishes on loopback, a qdrant with prepared data, and a database nobody can reach from outside. */
export function goodStack(): PulumiResource[] {
  const image = (service: string) =>
    resource("image", `${service}-image`, { name: `${service}:1.2.3@${digest}`, keepLocally: true });
  const volume = resource("volume", "data", { name: "app_qdrant_data", labels: labels("qdrant") }, { retained: true });
  const data = { volumeName: "app_qdrant_data", containerPath: "/qdrant/storage" };
  return [
    resource("network", "front", {
      name: "app_network",
      driver: "bridge",
      options: { "com.docker.network.bridge.enable_ip_masquerade": "false" },
    }),
    resource("network", "back", { name: "app_db", driver: "bridge", internal: true }),
    volume,
    ...["caddy", "redis", "qdrant", "postgres", "busybox"].map(image),
    resource("container", "prepare", {
      ...goodContainer("qdrant", "app_network"),
      name: "app_qdrant_prepare",
      image: `busybox:1.2.3@${digest}`,
      labels: [...labels("qdrant", "task"), { label: "io.xnai.owner", value: "1000:1000" }],
      user: "0:0",
      networkMode: "none",
      networksAdvanced: undefined,
      capabilities: { drops: ["ALL"], adds: ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER"] },
      mustRun: false,
      logs: true,
      restart: "no",
      readOnly: undefined,
      healthcheck: undefined,
      volumes: [data],
    }),
    resource("container", "caddy", {
      ...goodContainer("caddy", "app_network"),
      capabilities: { drops: ["ALL"], adds: ["CAP_NET_BIND_SERVICE"] },
      ports: [{ internal: 8000, external: 8000, ip: "127.0.0.1" }],
    }),
    resource("container", "redis", {
      ...goodContainer("redis", "app_network"),
      entrypoints: ["redis-server", "/config/redis.conf"],
      ports: [{ internal: 6379, external: 6379, ip: "127.0.0.1" }],
    }),
    resource("container", "qdrant", {
      ...goodContainer("qdrant", "app_network"),
      entrypoints: ["./qdrant", "--config-path", "/config/qdrant.yaml"],
      envs: ["QDRANT__TELEMETRY_DISABLED=true"],
      destroyGraceSeconds: 30,
      ports: [
        { internal: 6333, external: 6333, ip: "127.0.0.1" },
        { internal: 6334, external: 6334, ip: "127.0.0.1" },
      ],
      volumes: [data],
    }),
    resource("container", "postgres", goodContainer("postgres", "app_db")),
    ...["caddy", "redis", "qdrant", "postgres"].map((service) =>
      resource(markerType, `${service}-ready`, { keepers: { containerName: `app_${service}`, pids: "256" } }),
    ),
  ];
}

/** So many good stacks beside each other, each with names and ports of its own. */
export function goodStacks(count: number): PulumiResource[] {
  return Array.from({ length: count }, (_, i) => {
    const text = JSON.stringify(
      goodStack().map(({ urn, name, ...more }) => ({ ...more, urn: `${urn}-${i}`, name: `${name}-${i}` })),
    );
    return JSON.parse(text.replaceAll('"app_', `"app${i}_`), (key, value) =>
      key === "external" ? value + i * 10 : value,
    );
  }).flat();
}

/** The good stack with inputs of one resource replaced; a value of undefined takes the property away. */
export function changed(name: string, props: Props, stack = goodStack()): PulumiResource[] {
  return stack.map((each) => (each.name === name ? { ...each, props: { ...(each.props as Props), ...props } } : each));
}

/** The facts of the good stack, with those of one container replaced: for what only a compose file can say. */
export function changedFacts(name: string, facts: Partial<ContainerFacts>, stack = goodStack()): Facts[] {
  const { urn } = named(name, stack);
  return stack.flatMap(factsOf).map((each) => (each.id === urn ? ({ ...each, ...facts } as Facts) : each));
}

export function named(name: string, stack = goodStack()): PulumiResource {
  const found = stack.find((each) => each.name === name);
  if (!found) throw new Error(`the test's stack has no resource ${name}`);
  return found;
}
