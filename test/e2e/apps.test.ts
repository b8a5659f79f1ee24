// The user's own containers as services of a stack, on a real engine: from the first line of the configuration to removal.
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { apps, appsStack, asking, bare, obedient, secrets, web, worker } from "../support/apps-stack.ts";
import { logOf } from "../support/data.ts";
import { bareImage } from "../support/images.ts";
import { reference } from "../support/reference.ts";
import type { TestStack } from "../support/stack.ts";

const prefix = "e2e-apps";
const port = 18_970;
const door = `http://127.0.0.1:${port}`;

let stack: TestStack;
let { container, inside, ids, lock, text, environment } = {} as ReturnType<typeof asking>;
beforeAll(async () => {
  stack = await appsStack(prefix, port);
  ({ container, inside, ids, lock, text, environment } = asking(stack, port));
});
afterAll(async () => stack?.close());

describe("from the first line to running", () => {
  test("status knows the apps, and the front door leads to them in the place of a built-in route", async () => {
    const { stdout, exitCode } = await stack.xnai(["status", "--json"]);
    expect(exitCode, stdout).toBe(0);
    expect(JSON.parse(stdout)).toContainEqual(
      expect.objectContaining({ service: "web", container: `${prefix}_web`, health: "healthy", ok: true }),
    );
    expect(await text("/api/")).toBe("first\n");
    expect(await text("/")).toContain("<h3>web</h3>");
  });

  test("what the image is stands in the lock file", async () => {
    const { Id } = await stack.docker.getImage(bare).inspect();
    expect((await lock()).images).toMatchObject({
      [bare]: { id: Id, command: ["httpd", "-f", "-p", "8000", "-h", "/www"] },
    });
    expect((await container("web")).Image).toBe(Id);
  });

  test("an image without a shell starts with its secrets, as its own first process", async () => {
    const { TOKEN = "", REDIS_URL, NAME, KEY_FILE } = await environment("web");
    const token = TOKEN.slice("it's \"".length, -1);
    expect(token).toMatch(/^[A-Za-z0-9]{40}$/);
    expect([NAME, KEY_FILE]).toEqual(["web", "/run/xnai/secrets/KEY_FILE"]);
    expect(REDIS_URL).toMatch(/^redis:\/\/app-web:[A-Za-z0-9]{32}@redis:6379\/0$/);
    const redisPassword = new URL(REDIS_URL ?? "").password;
    expect((await inside("web", "cat", "/run/xnai/secrets/KEY_FILE")).stdout).toBe(token);
    expect((await inside("web", "stat", "-c", "%a %u", "/run/xnai/secrets/KEY_FILE")).stdout).toBe("400 1000");
    expect((await inside("web", "cat", "/proc/1/cmdline")).stdout.split("\0")[0]).toBe("/bin/httpd");
    const seen = JSON.stringify([await container("web"), await logOf(stack.container("web"))]);
    const state = await readFile(join(stack.folder, ".xnai/.pulumi/stacks/xnai/dev.json"), "utf8");
    for (const secret of [token, redisPassword]) for (const place of [seen, state]) expect(place).not.toContain(secret);
  });

  test("a signal reaches the program, and its exit code comes back", async () => {
    expect(await logOf(stack.container("work"))).toBe("up with work\n");
    await stack.container("work").stop();
    expect((await container("work")).State.ExitCode).toBe(42);
    await stack.container("work").start();
  });

  test("it has no way out, and writes only where it may", async () => {
    expect((await inside("web", "touch", "/www/x")).exitCode).toBe(1);
    expect((await inside("web", "touch", "/kept/x", "/tmp/x")).exitCode).toBe(0);
    const { HostConfig, Config } = await container("web");
    expect(HostConfig).toMatchObject({ ReadonlyRootfs: true, CapDrop: ["ALL"], PidsLimit: 1024 });
    expect(Config.User).toBe("1000:1000");
  });

  test("nothing is left to do, also when they are written in TypeScript", async () => {
    const { exitCode, all } = await stack.up("--expect-no-changes", "--refresh");
    expect(exitCode, all).toBe(0);
    const file = join(stack.folder, "apps.ts");
    const made = Object.entries(apps).map(([name, app]) => `new App("${name}", ${JSON.stringify(app)});\n`);
    await writeFile(file, `import { App } from "./components/apps/app.ts";\n${made.join("")}`);
    await stack.configure({ apps: undefined });
    const same = await stack.up("--expect-no-changes");
    expect(same.exitCode, same.all).toBe(0);
    await rm(file);
    await stack.configure({ apps });
  });
});

describe("an edit of an app replaces that app and nothing else", () => {
  const others = ["caddy", "redis", "work"];

  /** Applies it and says which containers are others than before. @param more apps beside those that are always there */
  async function edited(changes: Record<string, unknown>, more: readonly string[] = []): Promise<string[]> {
    const names = [...others, "web", ...more];
    const before = await ids(...names);
    await stack.configure(changes);
    await stack.mustUp();
    const after = await ids(...names);
    return names.filter((_, index) => before[index] !== after[index]);
  }

  test("each of these edits, of an app of its own", async () => {
    const { route: _, data: __, ...copy } = web;
    const edits: Record<string, object> = {
      environment: { env: { ...web.env, NAME: "other" } },
      secret: { env: { ...web.env, OTHER: reference("secrets.other") } },
      limits: { limits: { memoryMiB: 32, cpus: 0.5 } },
      command: { command: ["httpd", "-f", "-v", "-p", "8000", "-h", "/www"] },
      directory: { workingDir: "/www" },
      stop: { stopSignal: "SIGINT", stopGraceSeconds: 12 },
      writable: { writable: ["/scratch"] },
      shm: { shmMiB: 16 },
      mount: { mounts: [{ host: "/srv/models", path: "/models" }] },
      machine: { host: [9] },
      health: { health: { tcp: 8000 } },
      publish: { publish: [{ port: 8000, host: port + 2 }] },
    };
    const names = Object.keys(edits);
    // Whom an app waits for is no matter of its container.
    const copies = Object.fromEntries([...names, "needs"].map((name) => [name, copy]));
    await edited({ apps: { ...apps, ...copies } });
    const changed = Object.fromEntries(names.map((name) => [name, { ...copy, ...edits[name] }]));
    const all = { apps: { ...apps, ...changed }, secrets: { ...secrets, other: { generate: 32 } } };
    expect(
      await edited({ ...all, apps: { ...all.apps, needs: { ...copy, needs: ["web"] } } }, [...names, "needs"]),
    ).toEqual(names);
    expect(await edited({ apps, secrets })).toEqual([]);
  });

  test.each([
    ["one more part of its data", { data: { kept: "/kept", more: "/more" } }],
    ["its user", { user: { uid: 1234, gid: 1234 } }],
  ])("%s", async (_, more) => {
    expect(await edited({ apps: { ...apps, web: { ...web, ...more } } })).toEqual(["web"]);
  });

  test("a secret that is renewed: those who use it", async () => {
    await edited({ apps });
    expect(await edited({ secrets: { token: { generate: 40, rotation: 1 } } })).toEqual(["work", "web"]);
  });

  test("its route changes without a restart of anybody", async () => {
    const moved = (route: object) => ({
      secrets,
      apps: { ...apps, web: { ...web, limits: { memoryMiB: 32, cpus: 0.5 }, route } },
    });
    await edited(moved(web.route));
    expect(await edited(moved({ path: "/pages", port: 8000, stripPrefix: true }))).toEqual([]);
    expect(await text("/pages/")).toBe("first\n");
    expect(await edited(moved({ host: "web.localhost", port: 8000 }))).toEqual([]);
    expect(await text("/", { host: "web.localhost" })).toBe("first\n");
  });

  test("an image that was built anew", async () => {
    await bareImage(stack.docker, bare, "second");
    expect(await edited({ apps })).toEqual(["web"]);
    expect(await text("/api/")).toBe("second\n");
    const { Id } = await stack.docker.getImage(bare).inspect();
    expect((await lock()).images).toMatchObject({ [bare]: { id: Id } });
  });
});

describe("its user in Redis", () => {
  /** What Redis answers to one command, or to several in one connection. */
  const asks = async ({ username, password }: URL, ...commands: string[]) => {
    const login = `redis-cli --user '${username}' --pass '${password}' --no-auth-warning`;
    const script = `${login} <<'EOF'\n${commands.join("\n")}\nEOF\n`;
    return (await stack.exec("redis", ["sh", "-c", script])).all.trim();
  };
  const loginOf = async (name: string) => new URL((await environment(name)).REDIS_URL ?? "");
  const narrow = {
    ...worker(obedient),
    env: { NAME: "narrow", REDIS_URL: reference("redis.url") },
    redis: { keys: ["docs:*"], channels: ["docs"] },
  };
  const services = ["redis", "caddy", "work"];
  let [before, wide, limited]: [string[], URL, URL] = [[], new URL("a:"), new URL("a:")];

  test("comes, and is renewed, while everybody else goes on", async () => {
    before = await ids(...services);
    const earlier = await loginOf("web");
    expect(await asks(earlier, "ACL WHOAMI", "SET secret:1 x")).toBe("app-web\nOK");
    const [web1] = await ids("web");
    await stack.configure({ apps: { ...apps, web: { ...web, rotation: 1 }, narrow } });
    await stack.mustUp();
    expect(await ids(...services)).toEqual(before);
    expect(await ids("web")).not.toEqual([web1]);
    [wide, limited] = [await loginOf("web"), await loginOf("narrow")];
    expect(await asks(earlier, "GET secret:1")).toContain("WRONGPASS");
    expect(await asks(wide, "GET secret:1", "SET docs:1 y", "KEYS secret:*")).toBe("x\nOK\nsecret:1");
  });

  test("that is limited reaches what it may, and sees no names of anything else", async () => {
    expect(await asks(limited, "GET docs:1", "PUBLISH docs hello")).toBe("y\n0");
    const denied = [
      ["GET secret:1", "RENAME docs:1 secret:2", "COPY secret:1 docs:2", "SORT docs:l STORE secret:2"],
      ["PUBLISH other x", "SUBSCRIBE other", "PSUBSCRIBE *", "PUBSUB CHANNELS"],
      ["KEYS *", "SCAN 0", "RANDOMKEY", "CLIENT LIST", "CLIENT TRACKING ON BCAST", "MONITOR"],
      ["FUNCTION LIST", "FUNCTION FLUSH", "SCRIPT FLUSH", "SCRIPT KILL", "FLUSHALL", "ACL LIST", "DUMP secret:1"],
    ].flat();
    for (const command of denied) expect(await asks(limited, command), command).toMatch(/^NOPERM/);
    for (const by of ["BY secret:*", "GET secret:*"])
      expect(await asks(limited, `SORT docs:l ${by}`), by).toContain("denied due to insufficient ACL permissions");
    for (const call of ["'GET','secret:1'", "'KEYS','*'", "'SCAN','0'"])
      expect(await asks(limited, `EVAL "return redis.call(${call})" 0`), call).toMatch(/^ERR The user executing/);
  });

  test("is there when Redis has started anew, and nothing is left to do", async () => {
    await stack.container("redis").restart();
    await stack.answers();
    expect(await asks(limited, "ACL WHOAMI")).toBe("app-narrow");
    expect((await stack.up("--expect-no-changes")).exitCode).toBe(0);
  });

  test("goes with its app, and what it wrote stays", async () => {
    expect(await asks(limited, "SET docs:kept z")).toBe("OK");
    await stack.configure({ apps });
    await stack.mustUp();
    expect(await ids(...services)).toEqual(before);
    expect(await asks(limited, "GET docs:kept")).toContain("WRONGPASS");
    expect(await asks(await loginOf("web"), "GET docs:kept")).toBe("z");
  });
});

describe("an app that does not come up", () => {
  test("is named with its last lines, and takes nobody with it", async () => {
    const broken = worker("echo \"Error: EROFS: read-only file system, open '/app/x'\" >&2; exit 3");
    await stack.configure({
      apps: { broken, ...apps, late: { ...worker(obedient), env: { NAME: "late" } } },
      redis: { maxMemoryMiB: 64 },
    });
    const before = await ids("redis");
    const { exitCode, all } = await stack.up();
    expect(exitCode, all).toBe(1);
    expect(all).toContain(`${prefix}_broken does not stay up (exit code 3)`);
    expect(all).toContain("EROFS: read-only file system, open '/app/x'");
    expect(all).toContain("xnai:apps.broken.writable");
    expect(await ids("redis")).not.toEqual(before);
    expect(JSON.parse((await stack.xnai(["status", "--json"])).stdout)).toEqual(
      expect.arrayContaining(
        ["caddy", "redis", "web", "work", "late"].map((service) => expect.objectContaining({ service, ok: true })),
      ),
    );
    await stack.configure({ apps });
    await stack.mustUp();
    expect((await stack.up("--expect-no-changes")).exitCode).toBe(0);
  });
});

describe("a secret that the user brings along", () => {
  test("is encrypted by Pulumi, and refused in plain", async () => {
    const set = await stack.pulumi([
      "config",
      "set",
      "--secret",
      "--path",
      "xnai:secrets.brought",
      "top-secret-of-mine",
      "--stack",
      "dev",
    ]);
    expect(set.exitCode, set.all).toBe(0);
    const { config } = parse(await readFile(join(stack.folder, "Pulumi.dev.yaml"), "utf8")) as {
      config: Record<string, Record<string, object>>;
    };
    const brought = config["xnai:secrets"]?.brought;
    expect(brought).toEqual({ secure: expect.any(String) });
    await stack.configure({
      secrets: { ...secrets, brought },
      apps: { ...apps, web: { ...web, env: { MINE: reference("secrets.brought") } } },
    });
    await stack.mustUp();
    expect((await environment("web")).MINE).toBe("top-secret-of-mine");
    await stack.configure({ secrets: { ...secrets, brought: "top-secret-of-mine" } });
    const refused = await stack.up();
    expect(refused.exitCode).toBe(2);
    expect(refused.all).toContain("holds secrets in plain: xnai:secrets.brought");
    expect(refused.all).not.toContain("top-secret-of-mine");
    await stack.configure({ secrets, apps });
    await stack.mustUp();
  });
});

describe("an app that is removed", () => {
  test("goes with its route, and its data stays", async () => {
    await stack.exec("web", ["/run/xnai/busybox", "sh", "-c", "echo kept > /kept/note"]);
    const before = await ids("caddy", "redis");
    await stack.configure({ apps: {} });
    await stack.mustUp();
    expect(await ids("caddy", "redis")).toEqual(before);
    const all: Docker.ContainerInfo[] = await stack.docker.listContainers({ all: true });
    expect(all.filter(({ Names }) => Names.includes(`/${prefix}_web`))).toEqual([]);
    expect((await fetch(`${door}/api/`)).status).toBe(502);
    const { stderr } = await stack.xnai(["status"]);
    expect(stderr).toContain(`unused: data of web, which no app has any more, in ${prefix}_web_kept`);
    await stack.configure({ apps: { web } });
    await stack.mustUp();
    expect((await inside("web", "cat", "/kept/note")).stdout).toBe("kept");
  });

  test("is forgotten for good when its data is deleted by name", async () => {
    await stack.configure({ apps: {} });
    await stack.mustUp();
    const deleted = await stack.xnai(["destroy", "--data", "web", "--yes"]);
    expect(deleted.exitCode, deleted.all).toBe(0);
    await expect(stack.docker.getVolume(`${prefix}_web_kept`).inspect()).rejects.toMatchObject({ statusCode: 404 });
    expect((await container("redis")).State.Running).toBe(true);
  });
});
