// An app is a service: what one line of the configuration makes of the user's own container.
import { isDeepStrictEqual } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import type { Lock } from "../../../components/apps/lock.ts";
import type { StackConfig } from "../../../components/config/keys/base.ts";
import { parseConfig } from "../../../components/config/parse.ts";
import { namesOf } from "../../../components/names.ts";
import { generated, one, type Program, plainFiles, task } from "../../support/program.ts";
import { reference } from "../../support/reference.ts";
import { stackWithApps } from "../../support/whole-stacks.ts";

const id = `sha256:${"0".repeat(63)}1`;
const digest = `sha256:${"0".repeat(63)}2`;

/** What `up` has found out of the two images. */
const lock: Lock = {
  images: {
    "localhost/rag:latest": { id, entrypoint: ["python"], command: ["-m", "rag"], user: "", volumes: [] },
    "ghcr.io/me/ui:1.2": { digest, entrypoint: [], command: ["node", "ui.js"], user: "node", volumes: [] },
  },
};

const values = {
  secrets: { hfToken: "hf-of-the-user", session: { generate: 40 } },
  apps: {
    rag_api: {
      image: "localhost/rag:latest",
      user: { uid: 1234, gid: 1234 },
      env: {
        LOG_LEVEL: "info",
        WORKERS: 2,
        REDIS_HOST: reference("redis.host"),
        REDIS_URL: reference("redis.url"),
        HF_TOKEN: reference("secrets.hfToken"),
        SESSION_FILE: { file: reference("secrets.session") },
      },
      health: { http: "/health", port: 8000 },
      route: { path: "/api", port: 8000 },
      data: { library: "/library" },
      writable: ["/app/.files"],
      shmMiB: 128,
      limits: { memoryMiB: 300 },
      publish: [{ port: 8000, host: 18_000 }],
    },
    ui: {
      image: "ghcr.io/me/ui:1.2",
      health: { tcp: 3000 },
      route: { host: "chat.localhost", port: 3000 },
      needs: ["rag_api"],
      uses: ["consul"],
      mounts: [{ host: "/srv/models", path: "/models" }],
      egress: true,
      stopSignal: "SIGINT",
    },
  },
};

let config: StackConfig;
let program: Program;
beforeAll(async () => {
  config = parseConfig(values, "here", lock);
  program = await stackWithApps(config);
}, 30_000);

const container = (name: string) => one(program, "Container", name).inputs as Record<string, unknown>;

describe("an app", () => {
  it("has a container as confined as any other", () => {
    expect(container("rag_api")).toMatchObject({
      name: "xnai_rag_api",
      user: "1234:1234",
      readOnly: true,
      capabilities: { drops: ["ALL"], adds: [] },
      securityOpts: ["no-new-privileges"],
      memory: 300,
      memorySwap: 300,
      shmSize: 128,
      sysctls: { "net.ipv4.ip_default_ttl": "1" },
      dns: ["127.0.0.1"],
      restart: "always",
      ports: [{ internal: 8000, external: 18_000, ip: "127.0.0.1", protocol: "tcp" }],
      networksAdvanced: [{ name: "xnai_network", aliases: ["rag_api"] }],
    });
    expect(Object.keys(container("rag_api").tmpfs as object).toSorted()).toEqual(["/app/.files", "/tmp"]);
  });

  it("runs the image that is pinned: by its id where only the engine has it, by its digest otherwise", () => {
    expect(container("rag_api").image).toBe(id);
    expect(one(program, "RemoteImage", "rag_api").inputs.name).toBe(id);
    expect(container("ui").image).toBe(`ghcr.io/me/ui@${digest}`);
  });

  it("is asked by what the stack brings along", () => {
    const test = (name: string) => (container(name).healthcheck as { tests: string[] }).tests;
    expect(test("rag_api")).toEqual([
      "CMD",
      "/run/xnai/busybox",
      "wget",
      "-q",
      "-O",
      "/dev/null",
      "http://127.0.0.1:8000/health",
    ]);
    expect(test("ui")).toEqual([
      "CMD",
      "/run/xnai/busybox",
      "nc",
      "127.0.0.1",
      "3000",
      "-e",
      "/run/xnai/busybox",
      "true",
    ]);
    expect(task(program, "rag-api-prepare").container.entrypoints?.[3]).toBe("with-launcher.sh");
  });

  it("starts behind what it needs, and goes on while that is replaced", () => {
    expect(one(program, "Container", "rag_api").dependsOn).toContain("redis-ready");
    expect(one(program, "Container", "ui").dependsOn).toContain("rag-api-ready");
    expect(one(program, "Container", "rag_api").inputs.waitTimeout).not.toBe(container("ui").waitTimeout);
  });

  it("reaches the internet only if it says so", () => {
    expect(container("ui").networksAdvanced).toContainEqual({ name: "xnai_egress", aliases: ["ui"] });
    expect(container("ui")).not.toHaveProperty("sysctls");
  });

  it("sees places of the machine, and what it keeps is its own", () => {
    expect(container("ui").volumes).toContainEqual({
      hostPath: "/srv/models",
      containerPath: "/models",
      readOnly: true,
      selinuxRelabel: "z",
    });
    expect(container("rag_api").volumes).toContainEqual({
      volumeName: "xnai_rag_api_library",
      containerPath: "/library",
      readOnly: false,
    });
    expect(one(program, "Volume", "rag_api-library").retainOnDelete).toBe(true);
    expect(namesOf(config)).toMatchObject({
      containers: expect.arrayContaining(["xnai_rag_api", "xnai_rag_api_prepare", "xnai_ui"]),
      volumes: expect.arrayContaining(["xnai_rag_api_config", "xnai_rag_api_library"]),
    });
  });

  it("stops as it is told to", () => {
    expect(container("ui")).toMatchObject({ stopSignal: "SIGINT", stopTimeout: 10, destroyGraceSeconds: 10 });
  });
});

describe("its environment", () => {
  it("stands in plain as far as it is no secret", () => {
    expect(container("rag_api").envs).toEqual([
      "LOG_LEVEL=info",
      "REDIS_HOST=redis",
      "SESSION_FILE=/run/xnai/secrets/SESSION_FILE",
      "WORKERS=2",
    ]);
  });

  it("is completed by a launcher, which then starts what the image would have started", () => {
    const { entrypoints, command } = container("rag_api") as { entrypoints: string[]; command: string[] };
    expect(entrypoints.slice(0, 3)).toEqual(["/run/xnai/busybox", "sh", "-c"]);
    expect(entrypoints.slice(4)).toEqual(["launch.sh", "/run/xnai/environment"]);
    expect(command).toEqual(["python", "-m", "rag"]);
    expect(container("ui")).not.toHaveProperty("entrypoints");
  });

  it("shows no secret to anybody who looks at resources", () => {
    const visible = JSON.stringify(program.all.map((each) => each.visible));
    for (const secret of ["hf-of-the-user", generated("secret-session", 40), generated("redis-rag_api-password", 32)])
      expect(visible).not.toContain(secret);
    expect(one(program, "RandomPassword", "secret-session").inputs).toMatchObject({ length: 40, special: false });
  });
});

const keepers = (of: Program, name: string) => one(of, "RandomUuid", name).inputs.keepers as Record<string, string>;

describe("its token in Consul", () => {
  it("is there before the app, and takes part in no restart of Consul", async () => {
    expect(container("ui")).toBeDefined();
    expect(one(program, "Container", "ui").dependsOn).toContain("consul-acl");
    expect(keepers(program, "consul-acl")).toMatchObject({
      "value app-ui": expect.stringContaining('service "ui" { policy = "write" }'),
      "value service ui": expect.stringContaining('"tcp":"ui:3000"'),
    });
    const none = await stackWithApps(parseConfig({}));
    expect(keepers(program, "consul-prepare")).toEqual(keepers(none, "consul-prepare"));
    expect(Object.keys(keepers(none, "consul-acl")).toSorted()).toEqual(
      ["follows", "secret values", "value agent", "value registrar", "value viewer"].toSorted(),
    );
  });
});

describe("its credential in Redis", () => {
  it("is its own, made by Redis' component, and takes part in no restart of Redis", async () => {
    expect(one(program, "RandomPassword", "redis-rag_api-password").parent).toMatch(/xnai:index:Redis::redis$/);
    const none = await stackWithApps(parseConfig({}));
    expect(keepers(program, "redis-prepare")).toEqual(keepers(none, "redis-prepare"));
    expect(keepers(none, "redis-ready")).not.toHaveProperty("secret files");
    expect(keepers(program, "redis-ready")).toHaveProperty("secret files");
  });

  it("is made anew by a number, for this app alone", async () => {
    const { apps } = values;
    const renewed = { ...values, apps: { ...apps, rag_api: { ...apps.rag_api, rotation: 1 } } };
    const after = await stackWithApps(parseConfig(renewed, "here", lock));
    const rotations = (of: Program) =>
      of.all.flatMap(({ kind, name, inputs }) => (kind === "RandomPassword" ? [[name, inputs.keepers]] : []));
    const differing = rotations(after).filter((each, index) => !isDeepStrictEqual(each, rotations(program)[index]));
    expect(differing).toEqual([["redis-rag_api-password", { rotation: "1" }]]);
  });

  it("is that of everybody where a client can do no better, which a policy has to allow", async () => {
    const app = { image: "localhost/rag:latest", health: { tcp: 1 }, redis: { user: "default" } };
    const shared = parseConfig({ apps: { old: { ...app, env: { URL: reference("redis.url") } } } }, "here", lock);
    const made = await stackWithApps(shared, { "own-credentials": { containers: ["xnai_old"] } });
    expect(one(made, "Container", "old").inputs.labels).toContainEqual({
      label: "io.xnai.shared-login",
      value: "redis",
    });
    expect(container("rag_api").labels).not.toContainEqual(expect.objectContaining({ label: "io.xnai.shared-login" }));
  });
});

describe("the front door", () => {
  const door = () => plainFiles(one(program, "RandomUuid", "caddy-ready"));

  it("leads to apps, by path and by name, in the place of a built-in route", () => {
    const { Caddyfile = "" } = door();
    expect(Caddyfile.match(/path \/api \/api\/\*/g)).toHaveLength(1);
    expect(Caddyfile).toContain("reverse_proxy xnai_rag_api:8000");
    expect(Caddyfile).toMatch(/@host0 host chat\.localhost\n\s+handle @host0 \{\n\s+reverse_proxy xnai_ui:3000/);
    expect(Caddyfile).toMatch(/\|chat\\\.localhost\|/);
  });

  it("shows them on the landing page, and no card of the route that one took", () => {
    const { "site/index.html": page = "" } = door();
    expect(page).toContain("<h3>rag_api</h3>");
    expect(page).toContain('href="//chat.localhost:8000/">Open ui</a>');
    expect(page).not.toContain("<h3>/api</h3>");
    expect(page).toContain("<h3>/chainlit</h3>");
  });
});

it("a stack without apps is what it was", async () => {
  const [none, empty] = await Promise.all([{}, { apps: {}, secrets: {} }]).then(async ([a, b]) => [
    await stackWithApps(parseConfig(a)),
    await stackWithApps(parseConfig(b)),
  ]);
  const shown = (of: Program | undefined) => JSON.stringify(of?.all.map(({ urn, inputs }) => [urn, inputs]));
  expect(shown(empty)).toBe(shown(none));
  expect(shown(none)).not.toMatch(/launcher|busybox wget/);
});
