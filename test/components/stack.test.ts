// The whole stack as the engine hears of it. `run` holds everything that is made here to every policy.
import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../components/config/parse.ts";
import { policyConfigOf } from "../../components/config/policy-config.ts";
import { asNumber } from "../../components/engine/service-container.ts";
import type { Stack } from "../../components/stack.ts";
import { configRole, label } from "../../lib/labels.ts";
import {
  containers,
  type DescribedTask,
  generated,
  one,
  type Program,
  type Registered,
  run,
  tasks,
} from "../support/program.ts";
import { publishablePorts, serviceNames } from "../support/services.ts";

async function stack(values: Record<string, unknown> = {}, options: { seed?: string; preview?: boolean } = {}) {
  const config = parseConfig(values);
  const build = async () => {
    const { Stack } = await import("../../components/stack.ts");
    return new Stack("stack", config);
  };
  return run(build, { ...options, policy: policyConfigOf(config) });
}

let program: Program;
let services: Registered[];
let all: DescribedTask[];
/** The container of each service, and those of its tasks. */
let every: { name: string; inputs: Record<string, unknown> }[];
const roleOf = ({ inputs }: Registered) =>
  ((inputs.labels ?? []) as { label: string; value: string }[]).find((each) => each.label === label.role)?.value;
const ofKind = (kind: string) => program.all.filter((each) => each.kind === kind);

beforeAll(async () => {
  program = await stack();
  services = containers(program).filter((each) => roleOf(each) === "service");
  all = tasks(program);
  every = [...containers(program), ...all.map(({ container }) => ({ name: container.name, inputs: container }))];
});

describe("a machine that cannot limit memory", () => {
  it("is told no limit that it would read back as none", async () => {
    const limits = containers(await stack({ engine: { limits: { memory: false } } })).map(({ inputs }) => [
      inputs.memory,
      inputs.memorySwap,
    ]);
    expect(limits).toEqual(services.map(() => [0, 0]));
  });
});

describe("on Podman without root", () => {
  const engine = { kind: "podman", rootless: true, limits: { memory: false, cpu: false, pids: false } };

  it("every network is internal, and no container is told what would not be read back", async () => {
    const there = await stack({ engine });
    const networks = there.all.filter(({ kind }) => kind === "Network");
    const internal = [true, undefined, { driver: "host-local" }];
    expect(networks.map(({ inputs }) => [inputs.internal, inputs.options, inputs.ipamOptions])).toEqual([
      internal,
      internal,
      internal,
    ]);
    for (const { inputs } of containers(there))
      for (const property of ["logOpts", "ulimits", "sysctls", "memory", "cpus"])
        expect(inputs[property], `${property} of ${inputs.name}`).toBeUndefined();
    const markers = there.all.flatMap(({ inputs }) => (inputs.keepers as { pids?: string } | undefined)?.pids ?? []);
    expect(markers).toEqual([]);
  });

  it("can be previewed", async () => {
    await stack({ engine }, { preview: true });
  });
});

describe("on Podman with root", () => {
  const engine = { kind: "podman" };

  it("the network that publishes ports has no route out, and stands in a marker that the rules read", async () => {
    const there = await stack({ engine });
    const described = there.all.flatMap(
      ({ inputs }) => (inputs.keepers as { network?: string } | undefined)?.network ?? [],
    );
    expect(described.map((text) => JSON.parse(text))).toEqual([
      {
        name: "xnai_network",
        driver: "bridge",
        dns_enabled: true,
        options: { no_default_route: "true" },
        network_dns_servers: ["255.255.255.255"],
        labels: { "io.xnai.stack": "xnai" },
      },
    ]);
    const others = there.all.filter(({ kind }) => kind === "Network");
    expect(others.map(({ inputs }) => [inputs.name, inputs.internal])).toEqual([
      ["xnai_web", true],
      ["xnai_db", true],
    ]);
  });
});

describe("the default stack", () => {
  it("has a container for each service, by the names that the documents give them", () => {
    expect(services.map(({ inputs }) => inputs.name).toSorted()).toEqual([
      "xnai_caddy",
      "xnai_consul",
      "xnai_qdrant",
      "xnai_redis",
      "xnai_vikunja",
      "xnai_vikunja_db",
    ]);
    expect(services.length).toBe(containers(program).length);
  });

  it("publishes what may be published, on loopback, and nothing else", () => {
    const published = services.flatMap(({ inputs }) => inputs.ports as { internal: number; ip: string }[]);
    expect(published.map(({ internal }) => internal).toSorted()).toEqual(
      Object.values(publishablePorts)
        .flatMap((ports) => Object.values(ports) as number[])
        .toSorted(),
    );
    for (const { ip } of published) expect(ip).toBe("127.0.0.1");
    for (const { container } of all) expect(container.ports ?? []).toEqual([]);
  });

  it("is the one in the configuration file, of the images by digest", () => {
    for (const { inputs } of ofKind("RemoteImage")) expect(inputs.name).toMatch(/@sha256:[0-9a-f]{64}$/);
    const known = ofKind("RemoteImage").map(({ inputs }) => inputs.name);
    for (const { inputs } of every) expect(known).toContain(inputs.image);
  });
});

describe("every component", () => {
  it("says what it is, in public values that no edit of the configuration changes", async () => {
    const inputsOf = ({ all }: Program) =>
      Object.fromEntries(
        all
          .filter(({ urn }) => /xnai:index:\w+::/.test(urn))
          .map(({ kind, name, inputs }) => [`${kind} ${name}`, inputs]),
      );
    const before = inputsOf(program);
    for (const inputs of Object.values(before)) expect(Object.keys(inputs).length).toBeGreaterThan(0);
    const edited = await stack({ services: { qdrant: false }, egress: ["redis"], rotate: { redisPassword: 1 } });
    for (const [component, inputs] of Object.entries(inputsOf(edited))) expect(inputs).toEqual(before[component]);
  });
});

describe("every container", () => {
  it("has what the provider would otherwise do wrong, or see as a change for ever", () => {
    for (const { name, inputs, ...options } of containers(program)) {
      const { memory, memorySwap, cpus, capabilities, healthcheck } = inputs as {
        memory: number;
        memorySwap: number;
        cpus: string;
        capabilities: { adds: string[]; drops: string[] };
        healthcheck: Record<string, unknown>;
      };
      expect(memorySwap, name).toBe(memory);
      expect(cpus, name).toMatch(/^(\d+\.\d+|\d{2,}\.)$/);
      expect(capabilities.drops, name).toEqual(["ALL"]);
      for (const added of capabilities.adds) expect(added, name).toMatch(/^CAP_/);
      expect(capabilities.adds, name).toEqual(capabilities.adds.toSorted());
      expect(healthcheck, name).toEqual({
        tests: expect.arrayContaining(["CMD"]),
        interval: expect.stringMatching(/^(\d+h)?(\d+m)?\d+(s|ms)$/),
        timeout: expect.stringMatching(/^(\d+h)?(\d+m)?\d+s$/),
        startPeriod: expect.stringMatching(/^(\d+h)?(\d+m)?\d+s$/),
        retries: expect.any(Number),
      });
      expect(inputs, name).toMatchObject({
        removeVolumes: false,
        securityOpts: ["no-new-privileges"],
        wait: false,
        logDriver: "json-file",
      });
      // Read back by some engines as nothing, and so replaced by every up.
      expect(inputs, name).not.toHaveProperty("mounts");
      expect(options.deleteBeforeReplace, name).toBe(true);
      expect(options.replaceOnChanges, name).toContain("#initerror");
    }
  });

  it("asks no outside resolver and reaches no outside host, or has no network at all", () => {
    for (const { name, inputs } of every) {
      if (inputs.networkMode === "none" || inputs.networkMode === "container:xnai_vikunja_user")
        expect(inputs, name).not.toHaveProperty("networksAdvanced");
      else
        expect(inputs, name).toMatchObject({
          dns: ["127.0.0.1"],
          sysctls: { "net.ipv4.ip_default_ttl": "1" },
          networksAdvanced: expect.arrayContaining([expect.anything()]),
        });
      expect(inputs.networkMode ?? "bridge", name).toMatch(/^(none|bridge|container:xnai_\w+)$/);
    }
  });

  it("mounts volumes that the stack makes, each path once", () => {
    const volumes = ofKind("Volume").map(({ inputs }) => inputs.name);
    for (const { name, inputs } of every) {
      const mounted = (inputs.volumes ?? []) as { volumeName: string; containerPath: string }[];
      for (const { volumeName } of mounted) expect(volumes, name).toContain(volumeName);
      const paths = mounted.map(({ containerPath }) => containerPath);
      expect(new Set(paths).size, name).toBe(paths.length);
    }
  });

  it("is labelled as the stack's own", () => {
    for (const { name, inputs } of every) {
      const names = (inputs.labels as { label: string }[]).map((each) => each.label);
      expect(names, name).toEqual(names.toSorted());
      expect(inputs.labels, name).toContainEqual({ label: label.stack, value: "xnai" });
    }
  });
});

describe("every service", () => {
  it("is stopped in peace, and not by the kill that an unset time means", () => {
    for (const { name, inputs, replaceOnChanges } of services) {
      expect(inputs.destroyGraceSeconds, name).toBeGreaterThanOrEqual(10);
      expect(inputs.stopTimeout, name).toBe(inputs.destroyGraceSeconds);
      expect(replaceOnChanges, name).toEqual(
        expect.arrayContaining(["#initerror", "healthcheck", "tmpfs", "init", "destroyGraceSeconds"]),
      );
    }
  });

  it("reads only, is not root, gets no file of its own, and comes back after a crash", () => {
    for (const { name, inputs } of services) {
      expect(inputs, name).toMatchObject({
        readOnly: true,
        user: "1000:1000",
        restart: "always",
      });
      expect(inputs.uploads ?? [], name).toEqual([]);
      for (const mounted of inputs.volumes as { containerPath: string; readOnly: boolean }[])
        if (mounted.containerPath.startsWith("/run/xnai")) expect(mounted.readOnly, name).toBe(true);
    }
  });

  it("stops, is prepared and starts when its files change: it follows the last task that comes before it", () => {
    for (const { name, inputs, dependsOn } of services) {
      const suffix = (inputs.name as string).replace("xnai_", "").replaceAll("_", "-");
      const last = name === "postgres" ? `${suffix}-setup` : `${suffix}-prepare`;
      const followed = name === "vikunja" ? `id-of-${last} id-of-postgres` : `id-of-${last}`;
      expect(inputs.waitTimeout, name).toBe(asNumber(followed));
      expect(dependsOn, name).toContain(last);
    }
  });

  it("counts when it answers: what follows it waits for that, and asks again when its container is another one", () => {
    for (const { name, inputs } of services) {
      const suffix = (inputs.name as string).replace("xnai_", "").replaceAll("_", "-");
      const ready = one(program, "RandomUuid", `${suffix}-ready`);
      expect(ready.inputs.keepers, name).toMatchObject({
        containerName: inputs.name,
        pids: "1024",
        follows: `id-of-${name}`,
      });
      expect(Object.keys(ready.hooks), name).toEqual(["beforeCreate"]);
    }
    for (const [name, service] of [
      ["consul-acl", "consul"],
      ["vikunja-user", "vikunja"],
    ] as const) {
      expect(one(program, "RandomUuid", name).inputs.keepers).toMatchObject({ follows: `id-of-${service}` });
      expect(one(program, "RandomUuid", name).dependsOn).toContain(`${service}-ready`);
    }
    expect(one(program, "Container", "vikunja").dependsOn).toContain("vikunja-db-ready");
  });

  it("waits for its networks and its image", () => {
    for (const { name, inputs, dependsOn } of services) {
      const networks = inputs.networksAdvanced as { name: string; aliases: string[] }[];
      expect(dependsOn, name).toEqual(
        expect.arrayContaining(networks.map((network) => network.name.replace("xnai_", "").replace("network", "main"))),
      );
      for (const { aliases } of networks) expect(aliases, name).toHaveLength(1);
    }
  });
});

describe("every task", () => {
  it("is done before its marker is there, so that a failure leaves none", () => {
    for (const { marker } of all) {
      expect(Object.keys(marker.hooks), marker.name).toEqual(["beforeCreate"]);
      expect(marker.deleteBeforeReplace, marker.name).toBe(true);
    }
  });

  it("ends, and has no health that anybody looks at", () => {
    for (const { container } of all) {
      expect(container, container.name).toMatchObject({ mustRun: false, restart: "no", readOnly: true });
      expect(container, container.name).not.toHaveProperty("healthcheck");
    }
  });

  it("is root only to prepare, and then without a network and with three capabilities", () => {
    for (const { container } of all) {
      const { adds } = container.capabilities as { adds: string[] };
      if (container.user === "0:0") {
        expect(container.networkMode, container.name).toBe("none");
        expect(adds, container.name).toEqual(["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER"]);
      } else {
        expect(container.user, container.name).toBe("1000:1000");
        expect(adds, container.name).toEqual([]);
      }
    }
  });

  it("says the same in a preview as in an update: nothing in it is an output", async () => {
    const preview = await stack({}, { preview: true });
    expect(tasks(preview).map(({ container }) => container)).toEqual(
      expect.arrayContaining(all.map(({ container }) => container)),
    );
  });
});

describe("data", () => {
  it("stays when the stack goes; configuration goes with it", () => {
    for (const each of ofKind("Volume")) expect(each.retainOnDelete, each.name).toBe(roleOf(each) !== configRole);
  });

  it("is not replaced for a label", () => {
    for (const { name, ignoreChanges } of ofKind("Volume")) expect(ignoreChanges, name).toContain("labels");
  });

  it("and its secrets are kept when a service is switched off", async () => {
    const off = Object.fromEntries(serviceNames.map((name) => [name, false]));
    const { all } = await stack({ services: off });
    const kept = all.filter(({ kind }) => kind === "Volume").map(({ inputs }) => inputs.name);
    const data = ofKind("Volume").filter((each) => roleOf(each) !== configRole);
    expect(kept).toEqual(expect.arrayContaining(data.map(({ inputs }) => inputs.name)));
    expect(
      all
        .filter(({ kind }) => kind === "RandomPassword")
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(
      ofKind("RandomPassword")
        .map(({ name }) => name)
        .toSorted(),
    );
    expect(all.filter(({ kind }) => kind === "Container")).toEqual([]);
  });

  it("is in directories when the configuration says so", async () => {
    const inDirectories = await stack({ storage: { root: "/srv/xnai" } });
    const paths = [
      ...containers(inDirectories).map(({ inputs }) => inputs),
      ...tasks(inDirectories).map(({ container }) => container),
    ].flatMap(({ volumes }) => (volumes ?? []) as { hostPath?: string; volumeName?: string }[]);
    expect(paths.map(({ hostPath }) => hostPath)).toEqual(
      expect.arrayContaining(["/srv/xnai/redis/data", "/srv/xnai/qdrant/storage"]),
    );
    for (const { hostPath, volumeName } of paths) expect([hostPath, volumeName].filter(Boolean)).toHaveLength(1);
    for (const each of inDirectories.all) if (each.kind === "Volume") expect(roleOf(each), each.name).toBe(configRole);
  });
});

describe("images", () => {
  it("stay on the engine when the stack goes", () => {
    for (const { name, inputs } of ofKind("RemoteImage")) expect(inputs.keepLocally, name).toBe(true);
  });
});

describe("secrets", () => {
  /** What anybody may see who looks at resources, containers or state. */
  const visible = ({ all }: Program) => all.map(({ kind, name, visible }) => ({ kind, name, visible }));
  /** Registration is concurrent: the order differs. */
  const isHash = (keeper: string) => keeper === "secret files" || keeper === "secret values";
  const hashesOf = (of: Program) =>
    sorted(visible(of)).flatMap(({ visible: { keepers = {} } }) =>
      Object.entries(keepers as Record<string, string>).flatMap(([keeper, text]) => (isHash(keeper) ? [text] : [])),
    );
  const withoutHashes = (of: Program) =>
    sorted(visible(of)).map(({ visible: { keepers, ...rest }, ...each }) => ({
      ...each,
      rest,
      keepers: Object.entries((keepers ?? {}) as object).filter(([keeper]) => !isHash(keeper)),
    }));
  const sorted = (list: ReturnType<typeof visible>) =>
    list.toSorted((a, b) => `${a.kind} ${a.name}`.localeCompare(`${b.kind} ${b.name}`));

  it("are passwords: the ids of the other kinds are their values, in clear, and only markers have such", () => {
    const kinds = new Set(program.all.map(({ kind }) => kind).filter((kind) => kind.startsWith("Random")));
    expect([...kinds].toSorted()).toEqual(["RandomPassword", "RandomUuid"]);
    for (const { kind, inputs } of program.all)
      if (kind === "RandomUuid")
        expect(inputs.keepers).toHaveProperty(
          inputs.keepers && "follows" in (inputs.keepers as object) ? "follows" : "container",
        );
  });

  it("change nothing that can be seen: not as they are, nor hashed, encoded or formatted", async () => {
    const other = await stack({}, { seed: "b" });
    expect(withoutHashes(other)).toEqual(withoutHashes(program));
  });

  it("are hashed with a key where a change of them must be seen", async () => {
    const other = await stack({}, { seed: "b" });
    const hashes = (of: Program) => hashesOf(of).map((text) => JSON.parse(text) as Record<string, string>);
    expect(hashesOf(program).length).toBeGreaterThan(5);
    const [here, there] = [hashes(program), hashes(other)];
    for (const [index, each] of here.entries())
      for (const [name, hash] of Object.entries(each)) {
        expect(hash, name).toMatch(/^[0-9a-f]{64}$/);
        expect(hash, name).not.toBe(there[index]?.[name]);
      }
    const password = generated("redisPassword", 32);
    expect(hashesOf(program).join()).not.toContain(createHash("sha256").update(password).digest("hex"));
  });

  it("hide nothing else from the policies: a secret in a list or a map would take all of it", () => {
    for (const { kind, name, visible } of program.all)
      if (["Container", "RandomUuid"].includes(kind)) expect(JSON.stringify(visible), name).not.toContain('"secret"');
  });

  it("are renewed by their own number alone", async () => {
    const { all } = await stack({ rotate: { redisPassword: 1 } });
    const keepers = all.flatMap(({ kind, name, inputs }) =>
      kind === "RandomPassword" ? [`${name} ${(inputs.keepers as { rotation: string }).rotation}`] : [],
    );
    expect(keepers.filter((line) => !line.endsWith(" 0"))).toEqual(["redisPassword 1"]);
  });

  it("are secret outputs of the stack", async () => {
    const { outputs } = program.result as Stack;
    const texts = program.all.flatMap(({ kind, name, inputs }) =>
      kind === "RandomPassword" ? [generated(name, inputs.length as number)] : [],
    );
    const open = Object.entries(outputs).filter(([, value]) => typeof value === "string");
    for (const [name, value] of open) expect(texts, name).not.toContain(value);
    const secret = Object.entries(outputs).filter(([name]) => /password|key|token/i.test(name));
    expect(secret.length).toBeGreaterThan(8);
    for (const [name, output] of secret)
      expect(await (output as unknown as { isSecret: Promise<boolean> }).isSecret, name).toBe(true);
  });
});

describe("networks", () => {
  const network = (name: string) => ofKind("Network").find(({ inputs }) => inputs.name === name)?.inputs;

  it("have no way out: internal, or a bridge without masquerade", () => {
    expect(network("xnai_web")).toMatchObject({ internal: true });
    expect(network("xnai_db")).toMatchObject({ internal: true });
    expect(network("xnai_network")?.options).toEqual({ "com.docker.network.bridge.enable_ip_masquerade": "false" });
    expect(ofKind("Network")).toHaveLength(3);
  });

  it("have the options that the engine gives to every network, but never IPv6", async () => {
    const networkOptions = { "com.docker.network.driver.mtu": "1400", "com.docker.network.enable_ipv6": "true" };
    const { all } = await stack({ engine: { networkOptions }, egress: ["redis"] });
    const given = { "com.docker.network.driver.mtu": "1400", "com.docker.network.enable_ipv6": "false" };
    const options = all.flatMap(({ kind, name, inputs }) => (kind === "Network" ? [[name, inputs.options]] : []));
    expect(Object.fromEntries(options)).toEqual({
      main: { ...given, "com.docker.network.bridge.enable_ip_masquerade": "false" },
      web: given,
      db: given,
      egress: given,
    });
    expect(network("xnai_web")).not.toHaveProperty("options");
  });

  it("have one with a way out for what may use it, and only that is on it", async () => {
    const { all } = await stack({ egress: ["redis"] });
    expect(all.find(({ kind, name }) => kind === "Network" && name === "egress")?.inputs).toMatchObject({
      name: "xnai_egress",
    });
    const outside = all.filter(
      ({ kind, inputs }) =>
        kind === "Container" &&
        ((inputs.networksAdvanced ?? []) as { name: string }[]).some(({ name }) => name === "xnai_egress"),
    );
    expect(outside.map(({ name }) => name)).toEqual(["redis"]);
    expect(outside[0]?.inputs).not.toHaveProperty("dns");
    expect(outside[0]?.inputs).not.toHaveProperty("sysctls");
  });

  it("carry who has to talk to whom, and keep the rest apart", () => {
    const on = (name: string) =>
      services
        .filter(({ inputs }) => (inputs.networksAdvanced as { name: string }[]).some((each) => each.name === name))
        .map(({ name }) => name)
        .toSorted();
    expect(on("xnai_network")).toEqual(["caddy", "consul", "qdrant", "redis"]);
    expect(on("xnai_web")).toEqual(["caddy", "vikunja"]);
    expect(on("xnai_db")).toEqual(["postgres", "vikunja"]);
  });
});

describe("a stack of another shape", () => {
  it.each<[string, Record<string, unknown>]>([
    ["another prefix and owner", { prefix: "lab-2", owner: { uid: 4711, gid: 815 } }],
    ["HTTPS on a private address", { caddy: { tls: "internal" }, exposure: { caddy: { address: "192.168.1.2" } } }],
    ["nothing published", { exposure: { caddy: false, redis: false, consul: false, qdrant: false } }],
    ["images built on this machine", { images: { source: "local" } }],
    ["an owner per service", { owners: { redis: { uid: 999, gid: 999 }, qdrant: { uid: 10 } } }],
  ])("is within every rule: %s", async (_, values) => {
    const config = parseConfig(values);
    const { all } = await stack(values);
    for (const { kind, inputs } of all)
      if (["Container", "Network", "Volume"].includes(kind))
        expect(inputs.name).toMatch(new RegExp(`^${config.prefix}_[a-z_-]+$`));
  });

  it.each(serviceNames)("does without %s", async (name) => {
    const { all } = await stack({ services: { [name]: false, ...(name === "postgres" && { vikunja: false }) } });
    const names = all.filter(({ kind }) => kind === "Container").map((each) => each.name);
    expect(names).not.toContain(name);
    expect(names.length).toBe(name === "postgres" ? 4 : 5);
  });

  it("can be previewed: what the engine does not know yet breaks no rule", async () => {
    const preview = await stack({}, { preview: true });
    expect(preview.all.length).toBe(program.all.length);
  });
});
