// Vikunja's stand-in against facts of the real server: how it starts, fails and stops, and the API that the stack uses.
import { createHmac, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Lab, type Run, type Running } from "./standin-lab.ts";

const secret = "s".repeat(40);
const password = "correct-horse-battery";
const publicUrl = "http://vikunja.localhost:8000/";

let lab: Lab;
let network: string;
let files: string;
let secrets: string;
let data: string;

const postgres = (): Run => ({
  image: "postgres",
  alias: "postgres",
  network,
  env: { POSTGRES_PASSWORD: "superuser", PGDATA: "/var/lib/postgresql/data/cluster" },
  volumes: [`${data}:/var/lib/postgresql/data`],
  tmpfs: { "/tmp": "", "/run/postgresql": "mode=1777" },
});

const vikunja = (env: Record<string, string | undefined> = {}, more: Partial<Run> = {}): Run => ({
  image: "vikunja",
  alias: "vikunja",
  network,
  memoryMiB: 192,
  volumes: [`${files}:/app/vikunja/files`, `${secrets}:/run/secrets:ro`],
  tmpfs: { "/tmp": "size=64m" },
  env: Object.fromEntries(
    Object.entries({
      VIKUNJA_DATABASE_TYPE: "postgres",
      VIKUNJA_DATABASE_HOST: "postgres",
      VIKUNJA_DATABASE_PASSWORD_FILE: "/run/secrets/db",
      VIKUNJA_SERVICE_SECRET_FILE: "/run/secrets/secret",
      VIKUNJA_SERVICE_PUBLICURL: publicUrl,
      VIKUNJA_SERVICE_ENABLEREGISTRATION: "true",
      VIKUNJA_SERVICE_IPEXTRACTIONMETHOD: "xff",
      ...env,
    }).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ),
  ...more,
});

const url = async (running: Running, path: string) => `http://${await running.address()}:3456${path}`;

/** Each call comes from a client of its own, so that the limit of tries is met only where a test wants it. */
let client = 0;
async function call(
  running: Running,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  client++;
  const response = await fetch(await url(running, path), {
    method,
    headers: { "x-forwarded-for": `203.0.${client >> 8}.${client & 255}`, ...headers },
    ...(body !== undefined && { body: body instanceof FormData ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = response.headers.get("content-type")?.startsWith("application/json") ? JSON.parse(text) : undefined;
  return { status: response.status, text, json, headers: response.headers };
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const register = (running: Running, username: string) =>
  call(running, "POST", "/api/v1/register", { username, email: `${username}@example.org`, password });
const login = async (running: Running, username: string, word = password) =>
  (await call(running, "POST", "/api/v1/login", { username, password: word })).json.token as string;

async function up(run = vikunja()) {
  const running = await lab.start(run);
  await running.ready(await url(running, "/health"));
  return running;
}

let db: Running;
async function postgresReady(): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    if (await sql("SELECT 1").catch(() => "")) return;
    await sleep(100);
  }
  throw new Error(await db.log());
}
async function sql(statement: string, database = "postgres") {
  const { code, log } = await db.exec(
    "sh",
    "-c",
    `PGPASSWORD=superuser psql -h 127.0.0.1 -U postgres -At -c "${statement}" ${database}`,
  );
  if (code !== 0) throw new Error(log);
  return log;
}

beforeAll(async () => {
  lab = await Lab.with("busybox", "postgres", "vikunja");
  network = await lab.network("net");
  files = await lab.volume("files");
  secrets = await lab.volume("secrets");
  data = await lab.volume("data");
  await lab.arrange(data, "mkdir -m 700 cluster; chown 1000:1000 . cluster");
  await lab.files(secrets, { db: "db-password\n", secret: `${secret}\n`, empty: "", wrong: "wrong" });
  db = await lab.start(postgres());
  await postgresReady();
  await sql("CREATE ROLE vikunja LOGIN NOSUPERUSER PASSWORD 'db-password'");
  await sql("CREATE DATABASE vikunja OWNER vikunja");
});
afterEach(() => lab.removeAll(db));
afterAll(() => lab?.clean());

describe("start", () => {
  test("on a root-owned files volume, as the engine makes it: exit 1 with both owners", async () => {
    for (const cmd of [["web"], ["healthcheck"]]) {
      const { code, log } = await lab.run(vikunja({}, { cmd }));
      expect(code).toBe(1);
      expect(log).toMatch(
        /level=ERROR msg="Could not init file handler: storage validation failed: failed to create test file: open \/app\/vikunja\/files\/\.vikunja-check-\d+: permission denied\\n\[process uid=1000 gid=1000, dir owner uid=0 gid=0\]"/,
      );
    }
  });

  test("without a files volume: exit 1", async () => {
    const { code, log } = await lab.run(vikunja({}, { volumes: [`${secrets}:/run/secrets:ro`] }));
    expect(code).toBe(1);
    expect(log).toContain("mkdir /app/vikunja/files: read-only file system");
  });

  test("two servers at once on an empty database, after one chown", async () => {
    await lab.arrange(files, "chown 1000:1000 .");
    await Promise.all([up(), up(vikunja({}, { alias: "second" }))]);
    expect(await sql("SELECT count(*) FROM pg_namespace WHERE nspname = 'xnai_vikunja_standin'", "vikunja")).toBe(
      "1\n",
    );
    expect(await sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", "vikunja")).toBe("0\n");
  });

  test("says that it is a stand-in: label, first log line, header, API, front page", async () => {
    const running = await up();
    const { Config } = await lab.docker.getImage((await running.container.inspect()).Image).inspect();
    expect(Config.Labels["io.xnai.image.standin"]).toBe("true");
    const [first] = (await running.logWith("THIS IS A STAND-IN for Vikunja")).split("\n");
    expect(first).toContain("THIS IS A STAND-IN for Vikunja");
    const info = await call(running, "GET", "/api/v1/info");
    expect(info.json).toMatchObject({
      standin: true,
      version: "2.5.0",
      frontend_url: publicUrl,
      max_file_size: "20MB",
    });
    expect(info.headers.get("x-xnai-standin")).toBe("vikunja");
    expect((await call(running, "GET", "/")).text).toContain("stand-in");
  });

  test("a secret file that is missing or unreadable: exit 1", async () => {
    const missing = await lab.run(vikunja({ VIKUNJA_DATABASE_PASSWORD_FILE: "/run/secrets/nope" }));
    expect(missing.code).toBe(1);
    expect(missing.log).toContain(
      "Failed to read the config file at /run/secrets/nope for key database.password.file: open /run/secrets/nope: no such file or directory",
    );
    const foreign = await lab.volume("foreign");
    await lab.files(foreign, { secret }, 0);
    const volumes = [...(vikunja().volumes ?? []), `${foreign}:/run/foreign:ro`];
    const unreadable = await lab.run(vikunja({ VIKUNJA_SERVICE_SECRET_FILE: "/run/foreign/secret" }, { volumes }));
    expect(unreadable.code).toBe(1);
    expect(unreadable.log).toMatch(/for key service\.secret\.file: .*permission denied/);
  });

  test("neither public URL nor CORS off: exit 1; with CORS off it starts", async () => {
    const { code, log } = await lab.run(vikunja({ VIKUNJA_SERVICE_PUBLICURL: undefined }));
    expect([code, log]).toEqual([1, expect.stringContaining("service.publicurl is required when cors.enable is true")]);
    await up(vikunja({ VIKUNJA_SERVICE_PUBLICURL: undefined, VIKUNJA_CORS_ENABLE: "false" }));
  });

  test("wrong database password: exit 1 at once", async () => {
    const { code, log } = await lab.run(vikunja({ VIKUNJA_DATABASE_PASSWORD_FILE: "/run/secrets/wrong" }), 5);
    expect([code, log]).toEqual([1, expect.stringMatching(/Could not connect to db: .*28P01/)]);
    expect(log).not.toContain("password=");
  });

  test("no Postgres of that name: no retry, exit 1 after about 10 s", async () => {
    const started = performance.now();
    const { code, log } = await lab.run(vikunja({ VIKUNJA_DATABASE_HOST: "elsewhere" }));
    expect([code, log]).toEqual([1, expect.stringMatching(/Could not connect to db: .*lookup elsewhere/)]);
    expect(performance.now() - started).toBeLessThan(25_000);
  });

  test("a database of the real Vikunja is not touched: exit 1", async () => {
    await sql("CREATE DATABASE theirs OWNER vikunja");
    await sql("CREATE TABLE public.migration (id text)", "theirs");
    const { code, log } = await lab.run(vikunja({ VIKUNJA_DATABASE_DATABASE: "theirs" }));
    expect([code, log]).toEqual([1, expect.stringContaining("holds data of the real Vikunja")]);
  });
});

describe("secret", () => {
  const signature = (token: string, key: string) =>
    createHmac("sha256", key).update(token.split(".").slice(0, 2).join(".")).digest("base64url");

  test("signs tokens of 600 s, without the file's trailing newline; they outlive a restart", async () => {
    const running = await up();
    await register(running, "alice");
    const token = await login(running, "alice");
    expect(token.split(".")[2]).toBe(signature(token, secret));
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    expect(claims).toMatchObject({ type: 1, username: "alice" });
    expect(claims.exp - Date.now() / 1000).toBeGreaterThan(590);
    expect(claims.exp - Date.now() / 1000).toBeLessThan(601);
    await running.signal("SIGINT");
    await running.container.start();
    await running.ready(await url(running, "/health"));
    expect((await call(running, "GET", "/api/v1/user", undefined, bearer(token))).json.username).toBe("alice");
  });

  test("DANGER: an empty file or variable signs with an empty key, without a word", async () => {
    for (const env of [
      { VIKUNJA_SERVICE_SECRET_FILE: "/run/secrets/empty" },
      { VIKUNJA_SERVICE_SECRET_FILE: undefined, VIKUNJA_SERVICE_SECRET: "" },
    ]) {
      const running = await up(vikunja(env));
      const token = await login(running, "alice");
      expect(token.split(".")[2]).toBe(signature(token, ""));
      expect(await running.log()).not.toMatch(/secret/i);
      await lab.remove(running);
    }
  });

  test("unset: another one at each start, so an old token is refused with code 11", async () => {
    const running = await up(vikunja({ VIKUNJA_SERVICE_SECRET_FILE: undefined }));
    const token = await login(running, "alice");
    await running.container.restart({ t: 0 });
    await running.ready(await url(running, "/health"));
    const refused = await call(running, "GET", "/api/v1/user", undefined, bearer(token));
    expect([refused.status, refused.json.code]).toEqual([401, 11]);
  });
});

describe("stop, and Postgres away", () => {
  test("SIGTERM: exit 2 at once without a log line; SIGINT: Shutting down..., exit 0", async () => {
    const terminated = await (await up()).signal("SIGTERM");
    expect([terminated.code, terminated.log]).toEqual([2, expect.not.stringContaining("Shutting down")]);
    const interrupted = await (await up()).signal("SIGINT");
    expect([interrupted.code, interrupted.log]).toEqual([0, expect.stringContaining("Shutting down...")]);
  });

  test("healthcheck asks Postgres, not the web server", async () => {
    const running = await up();
    expect(await running.exec("/app/vikunja/vikunja", "healthcheck")).toMatchObject({
      code: 0,
      log: expect.stringContaining("API server is healthy"),
    });
    await lab.remove(running);
    expect((await lab.run(vikunja({}, { cmd: ["healthcheck"] }))).code).toBe(0);
    await db.container.stop();
    expect((await lab.run(vikunja({}, { cmd: ["healthcheck"] }))).code).toBe(1);
    await db.container.start();
    await postgresReady();
  });

  test("Postgres restarted while nobody asks: goes on; asked while it is away: exit 1, but /info answers", async () => {
    // The server itself asks at each full minute.
    const left = 60_000 - (Date.now() % 60_000);
    if (left < 15_000) await sleep(left + 1000);
    const running = await up();
    await sleep(1100); // a connection that was used within the last second is not looked at before its next use
    await db.container.restart({ t: 10 });
    await postgresReady();
    const health = await call(running, "GET", "/health").catch(async (cause) => {
      throw new Error(await running.log(), { cause });
    });
    expect(health.text).toBe("OK");
    await db.container.stop();
    expect((await call(running, "GET", "/api/v1/info")).status).toBe(200);
    await expect(call(running, "GET", "/health")).rejects.toThrow();
    const ended = await running.ended(15);
    expect([ended.code, ended.log]).toEqual([1, expect.stringContaining("Failed to begin database transaction: ")]);
    await db.container.start();
    await postgresReady();
  });

  test("idle, it ends within some 70 s of Postgres' stop", async () => {
    const running = await up();
    await db.container.stop();
    const { code } = await running.ended(80);
    expect(code).toBe(1);
    await db.container.start();
    await postgresReady();
  });
});

describe("users", () => {
  test("registration: 200, taken 400 with 1001 and 1002, short 412, closed 404", async () => {
    const open = await up();
    expect((await register(open, "bob")).status).toBe(200);
    const again = await register(open, "bob");
    expect([again.status, again.json.code]).toEqual([400, 1001]);
    const mail = await call(open, "POST", "/api/v1/register", {
      username: "bobby",
      email: "bob@example.org",
      password,
    });
    expect([mail.status, mail.json.code]).toEqual([400, 1002]);
    const short = await call(open, "POST", "/api/v1/register", {
      username: "carol",
      email: "c@example.org",
      password: "short",
    });
    expect([short.status, short.text]).toEqual([412, expect.stringContaining("bcrypt_password")]);
    const closed = await up(vikunja({ VIKUNJA_SERVICE_ENABLEREGISTRATION: "false" }, { alias: "closed" }));
    const refused = await register(closed, "dave");
    expect([refused.status, refused.json]).toEqual([404, { message: "Not Found" }]);
    expect((await call(closed, "GET", "/api/v1/info")).json.auth.local.registration_enabled).toBe(false);
  });

  test("login: wrong password or name 403 with 1011; without a token 401 with 11; unknown paths 404", async () => {
    const running = await up();
    for (const try_ of [
      { username: "bob", password: "wrong-password" },
      { username: "nobody", password },
    ]) {
      const wrong = await call(running, "POST", "/api/v1/login", try_);
      expect([wrong.status, wrong.json.code]).toEqual([403, 1011]);
    }
    for (const [method, path] of [
      ["GET", "/api/v1/projects"],
      ["PUT", "/api/v1/projects"],
      ["GET", "/api/v1/user"],
      ["GET", "/api/v1/tasks/1"],
    ] as const) {
      const refused = await call(running, method, path);
      expect([refused.status, refused.json.code]).toEqual([401, 11]);
    }
    const none = [
      Buffer.from('{"alg":"none"}').toString("base64url"),
      Buffer.from('{"id":1,"exp":9999999999}').toString("base64url"),
      "",
    ].join(".");
    expect((await call(running, "GET", "/api/v1/user", undefined, bearer(none))).status).toBe(401);
    expect((await call(running, "GET", "/api/v1/nothing")).json).toEqual({ message: "Not Found" });
  });

  test("the cookie renews a token once, and has the real one's attributes", async () => {
    const running = await up();
    const { headers } = await call(running, "POST", "/api/v1/login", { username: "bob", password });
    const cookie = headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(
      /^vikunja_refresh_token=\w+; Path=\/api\/v1\/user\/token\/refresh; .*HttpOnly; SameSite=Lax$/,
    );
    const given = { cookie: cookie.split(";")[0] ?? "" };
    const renewed = await call(running, "POST", "/api/v1/user/token/refresh", undefined, given);
    expect((await call(running, "GET", "/api/v1/user", undefined, bearer(renewed.json.token))).json.username).toBe(
      "bob",
    );
    expect((await call(running, "POST", "/api/v1/user/token/refresh", undefined, given)).status).toBe(401);
    expect((await call(running, "POST", "/api/v1/user/token/refresh")).status).toBe(401);
  });

  test("a changed password replaces the old one and ends sessions", async () => {
    const running = await up();
    await register(running, "erin");
    const { json, headers } = await call(running, "POST", "/api/v1/login", { username: "erin", password });
    const change = (old_password: string) =>
      call(
        running,
        "POST",
        "/api/v1/user/password",
        { old_password, new_password: "another-password" },
        bearer(json.token),
      );
    expect((await change("not-the-password")).json.code).toBe(1011);
    expect((await change(password)).status).toBe(200);
    expect((await call(running, "POST", "/api/v1/login", { username: "erin", password })).status).toBe(403);
    expect(await login(running, "erin", "another-password")).toBeTruthy();
    const cookie = (headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    expect((await call(running, "POST", "/api/v1/user/token/refresh", undefined, { cookie })).status).toBe(401);
  });

  test("10 tries a minute for each client behind the proxy; what a client adds to the header does not help", async () => {
    const running = await up();
    const tries = async (count: number, forwarded: (i: number) => string) => {
      const codes: number[] = [];
      for (let i = 0; i < count; i++) {
        const answer = await call(
          running,
          "POST",
          "/api/v1/login",
          { username: "x" },
          { "x-forwarded-for": forwarded(i) },
        );
        codes.push(answer.status);
      }
      return codes;
    };
    expect(await tries(11, (i) => `198.51.100.${i}, 203.0.113.7`)).toEqual([...Array(10).fill(400), 429]);
    expect(await tries(1, () => "203.0.113.8, 172.20.0.3")).toEqual([400]);
    const renewal = { "x-forwarded-for": "203.0.113.7" };
    expect((await call(running, "POST", "/api/v1/user/token/refresh", undefined, renewal)).status).toBe(429);
    const direct = await up(vikunja({ VIKUNJA_SERVICE_IPEXTRACTIONMETHOD: undefined }, { alias: "direct" }));
    const statuses: number[] = [];
    for (let i = 0; i < 11; i++) statuses.push((await call(direct, "POST", "/api/v1/login", { username: "x" })).status);
    expect(statuses).toEqual([...Array(10).fill(400), 429]);
  });
});

describe("work", () => {
  test("projects and tasks: identifiers, indexes, search, pages, done", async () => {
    const running = await up();
    const auth = bearer(await login(running, "bob"));
    const api = (method: string, path: string, body?: unknown) => call(running, method, `/api/v1${path}`, body, auth);
    const made = await api("PUT", "/projects", { title: "Imported", identifier: "IMPA" });
    expect([made.status, made.json.identifier]).toEqual([201, "IMPA"]);
    const twice = await api("PUT", "/projects", { title: "Again", identifier: "IMPA" });
    expect([twice.status, twice.json.code]).toEqual([400, 3007]);
    expect((await api("GET", "/projects?s=import")).json).toHaveLength(1);
    expect((await api("GET", "/projects")).json.map((p: { title: string }) => p.title)).toEqual(["Inbox", "Imported"]);

    const id = made.json.id;
    expect((await api("PUT", `/projects/${id}/tasks`, { title: "answer", index: 42 })).json).toMatchObject({
      index: 42,
      identifier: "IMPA-42",
    });
    expect((await api("PUT", `/projects/${id}/tasks`, { title: "taken", index: 42 })).json.index).toBe(43);
    expect((await api("GET", "/projects/IMPA/tasks/by-index/42")).json.title).toBe("answer");
    const absent = await api("GET", "/projects/IMPA/tasks/by-index/7");
    expect([absent.status, absent.json.code]).toEqual([404, 4002]);
    const { json: task } = await api("GET", "/projects/IMPA/tasks/by-index/42");
    const due = "2030-01-02T03:04:05Z";
    const done = await api("POST", `/tasks/${task.id}`, { done: true, description: "<p>forty-two</p>", due_date: due });
    expect(done.json).toMatchObject({ title: "answer", done: true, description: "<p>forty-two</p>", due_date: due });
    for (let i = 0; i < 55; i++) await api("PUT", `/projects/${id}/tasks`, { title: `task ${i}` });
    const page = await api("GET", `/projects/${id}/tasks?page=2`);
    expect([page.json.length, page.headers.get("x-pagination-total-pages")]).toEqual([7, "2"]);

    const { json: label } = await api("PUT", "/labels", { title: "bus" });
    expect((await api("PUT", `/tasks/${task.id}/labels`, { label_id: label.id })).status).toBe(201);
    expect((await api("PUT", `/tasks/${task.id}/labels`, { label_id: label.id })).json.code).toBe(8001);
    expect((await api("GET", `/tasks/${task.id}`)).json.labels).toEqual([{ id: label.id, title: "bus" }]);
    expect((await api("GET", "/labels")).json).toEqual([{ id: label.id, title: "bus" }]);

    const stranger = bearer(await login(running, "alice"));
    expect((await call(running, "DELETE", `/api/v1/projects/${id}`, undefined, stranger)).json.code).toBe(3001);
    expect((await call(running, "GET", "/api/v1/labels", undefined, stranger)).json).toEqual([]);
    expect((await call(running, "PUT", "/api/v1/labels", { title: "hers" }, stranger)).status).toBe(201);
    expect((await call(running, "GET", `/api/v1/tasks/${task.id}`, undefined, stranger)).status).toBe(404);
    expect((await call(running, "GET", `/api/v1/projects/${id}`, undefined, stranger)).json.code).toBe(3001);
    expect((await api("DELETE", `/projects/${id}`)).status).toBe(200);
    expect((await api("GET", `/tasks/${task.id}`)).json.code).toBe(4002);
  });

  test("API tokens do what they were granted and nothing else, also after a restart", async () => {
    const running = await up();
    const auth = bearer(await login(running, "bob"));
    const wish = {
      title: "import",
      expires_at: "2099-01-01T00:00:00Z",
      permissions: { projects: ["create", "read_all"], tasks: ["create"] },
    };
    const { status, json } = await call(running, "PUT", "/api/v1/tokens", wish, auth);
    expect([status, json.token]).toEqual([201, expect.stringMatching(/^tk_[0-9a-f]{40}$/)]);
    expect((await call(running, "PUT", "/api/v1/tokens", { ...wish, expires_at: undefined }, auth)).status).toBe(412);
    const unknown = await call(running, "PUT", "/api/v1/tokens", { ...wish, permissions: { projects: ["fly"] } }, auth);
    expect([unknown.status, unknown.json.code]).toEqual([400, 14002]);
    const listed = (await call(running, "GET", "/api/v1/routes", undefined, auth)).json;
    expect(listed.projects.tasks_by_index.path).toContain("by-index");
    await running.container.restart({ t: 0 });
    await running.ready(await url(running, "/health"));
    expect((await call(running, "GET", "/api/v1/projects", undefined, bearer(json.token))).status).toBe(200);
    for (const path of ["/api/v1/tasks/1", "/api/v1/user", "/api/v1/routes"]) {
      const refused = await call(running, "GET", path, undefined, bearer(json.token));
      expect([refused.status, refused.json.code]).toEqual([401, 11]);
    }
  });

  test("a bot has no password, and tokens of its owner's, who lists and ends them", async () => {
    const running = await up();
    const owner = bearer(await login(running, "bob"));
    const by = (auth: Record<string, string>) => async (method: string, path: string, body?: unknown) => {
      const { status, json } = await call(running, method, `/api/${path}`, body, auth);
      return { status, json };
    };
    const [bob, alice] = [by(owner), by(bearer(await login(running, "alice")))];
    const made = await bob("POST", "v2/user/bots", { username: "bot-rag" });
    expect([made.status, made.json.username, made.json.status, made.json.email]).toEqual([
      201,
      "bot-rag",
      0,
      undefined,
    ]);
    expect((await bob("POST", "v2/user/bots", { username: "bot-rag" })).json.code).toBe(1001);
    expect((await bob("POST", "v2/user/bots", { username: "rag" })).json.code).toBe(1034);
    const { id } = made.json;
    expect((await bob("GET", "v2/user/bots?q=rag")).json).toMatchObject({ items: [{ id }], total: 1, total_pages: 1 });
    expect((await alice("GET", "v2/user/bots")).json.items).toEqual([]);
    const tried = await by({})("POST", "v1/login", { username: "bot-rag", password: "anything" });
    expect([tried.status, tried.json.code]).toEqual([412, 1031]);

    const permissions = { projects: ["read_all"], tasks: ["create", "read_all", "update"] };
    const wish = { title: "app", expires_at: "2099-01-01T00:00:00Z", permissions, owner_id: id };
    const token = (await bob("PUT", "v1/tokens", wish)).json;
    expect((await alice("PUT", "v1/tokens", wish)).json.code).toBe(1033);
    expect((await bob("GET", `v1/tokens?owner_id=${id}`)).json).toMatchObject([{ id: token.id, owner_id: id }]);
    expect((await alice("GET", `v1/tokens?owner_id=${id}`)).json.code).toBe(1033);
    expect((await bob("GET", "v1/tokens?page=2")).json).toEqual([]);

    const bot = by(bearer(token.token));
    expect((await bot("GET", "v1/projects")).json).toEqual([]);
    const project = (await bob("PUT", "v1/projects", { title: "Shared" })).json.id;
    const shared = (permission: number) =>
      bob("PUT", `v1/projects/${project}/users`, { username: "bot-rag", permission });
    expect((await shared(0)).status).toBe(201);
    expect(await shared(1)).toMatchObject({ status: 409, json: { code: 7002 } });
    expect((await bob("GET", `v1/projects/${project}/users`)).json).toEqual([{ username: "bot-rag", permission: 0 }]);
    const seen = (await bot("GET", "v1/projects")).json;
    expect([seen.length, seen[0].title, seen[0].owner.username]).toEqual([1, "Shared", "bob"]);
    const write = () => bot("PUT", `v1/projects/${project}/tasks`, { title: "written" });
    expect((await write()).status).toBe(403);
    const unshare = () => bob("DELETE", `v1/projects/${project}/users/bot-rag`);
    expect((await unshare()).status).toBe(200);
    expect(await unshare()).toMatchObject({ status: 403, json: { code: 7003 } });
    await shared(1);
    const task = await write();
    expect(task.status).toBe(201);
    expect((await bot("POST", `v1/tasks/${task.json.id}`, { done: true })).json.done).toBe(true);
    expect((await alice("GET", `v1/tasks/${task.json.id}`)).status).toBe(404);
    expect((await bot("PUT", `v1/projects/${project}/users`, { username: "alice" })).json.code).toBe(11);

    expect((await alice("DELETE", `v1/tokens/${token.id}`)).status).toBe(403);
    expect((await bob("DELETE", `v1/tokens/${token.id}`)).status).toBe(200);
    expect((await bob("DELETE", `v1/tokens/${token.id}`)).status).toBe(403);
    expect((await bot("GET", "v1/projects")).json.code).toBe(11);
    await bob("DELETE", `v1/projects/${project}`);
  });

  test("attachments of 20 MB in 192 MiB, byte for byte, without a writable /tmp; larger ones are refused", async () => {
    const running = await up(vikunja({}, { tmpfs: {} }));
    const auth = bearer(await login(running, "bob"));
    const { json: project } = await call(running, "PUT", "/api/v1/projects", { title: "Files" }, auth);
    const { json: task } = await call(
      running,
      "PUT",
      `/api/v1/projects/${project.id}/tasks`,
      { title: "with a file" },
      auth,
    );
    const path = `/api/v1/tasks/${task.id}/attachments`;
    const form = (...sizes: number[]) => {
      const body = new FormData();
      for (const size of sizes) body.append("files", new Blob([randomBytes(size)]), "blob.bin");
      return body;
    };
    const sent = form(20 << 20);
    const uploaded = await call(running, "PUT", path, sent, auth);
    expect(uploaded.json).toMatchObject({
      errors: null,
      success: [{ task_id: task.id, file: { name: "blob.bin", size: 20 << 20 } }],
    });
    const back = await fetch(await url(running, `${path}/${uploaded.json.success[0].id}`), { headers: auth });
    const original = Buffer.from(await (sent.get("files") as File).arrayBuffer());
    expect(Buffer.from(await back.arrayBuffer()).equals(original)).toBe(true);
    expect((await call(running, "PUT", path, form((20 << 20) + 1), auth)).json).toMatchObject({
      success: null,
      errors: [{ code: 4012 }],
    });
    expect(await call(running, "PUT", path, form(19 << 20, 19 << 20), auth)).toMatchObject({
      status: 413,
      json: { code: 4013 },
    });
    expect((await call(running, "GET", path, undefined, auth)).json).toHaveLength(1);
    expect((await lab.arrange(files, "stat -c %u:%g *")).trim().split("\n")).toEqual(["1000:1000"]);
  });

  test("kill -9 of the server, then of Postgres, under writes: every acknowledged task is there", async () => {
    for (const victim of ["vikunja", "postgres"]) {
      const running = await up();
      const auth = bearer(await login(running, "bob"));
      const { json: project } = await call(running, "PUT", "/api/v1/projects", { title: `kill ${victim}` }, auth);
      let acknowledged = 0;
      const writing = (async () => {
        for (;;) {
          const { status } = await call(running, "PUT", `/api/v1/projects/${project.id}/tasks`, { title: "t" }, auth);
          if (status !== 201) return;
          acknowledged++;
        }
      })().catch(() => {});
      while (acknowledged < 50) await sleep(10);
      await (victim === "vikunja" ? running : db).container.kill({ signal: "SIGKILL" });
      await writing;
      await lab.remove(running);
      if (victim === "postgres") await db.container.start();
      await postgresReady();
      const count = await sql(
        `SELECT count(*) FROM xnai_vikunja_standin.tasks WHERE project_id = ${project.id}`,
        "vikunja",
      );
      expect(Number(count)).toBeGreaterThanOrEqual(acknowledged);
    }
  });
});
