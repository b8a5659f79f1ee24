// Vikunja as the stack runs it: through Caddy only, closed, with a first user, and nothing lost by rotation or crash.
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noBrowser, startBrowser } from "../support/browser.ts";
import { killService, services } from "../support/data.ts";
import { eventually, removeNeighbour, startNeighbour } from "../support/neighbour.ts";
import { realImages } from "../support/real-images.ts";
import { TestStack } from "../support/stack.ts";
import { VikunjaClient } from "../support/vikunja.ts";

const prefix = "e2e-vik";
const port = 18700;
const door = `http://127.0.0.1:${port}`;
const api = `${door}/vikunja/api/v1`;
const host = `vikunja.localhost:${port}`;
let stack: TestStack;
let real: string | undefined;
/** What the engine told while the stack came up: `start vikunja_db`, `answer vikunja_db` (a good one to a check) ... */
const happened: string[] = [];
let told = "";
let user: VikunjaClient;
let project: number;
let password: string;

async function listen() {
  const stream = await stack.docker.getEvents({ filters: { type: ["container"] } });
  stream.on("data", (chunk: Buffer) => {
    told += chunk.toString();
    for (const line of chunk.toString().split("\n").filter(Boolean)) {
      const { Action, Actor } = JSON.parse(line) as { Action: string; Actor: { Attributes: Record<string, string> } };
      const { name = "", exitCode } = Actor.Attributes;
      if (["start", "die"].includes(Action)) happened.push(`${Action} ${name.replace(`${prefix}_`, "")}`);
      if (Action === "exec_die" && exitCode === "0") happened.push(`answer ${name.replace(`${prefix}_`, "")}`);
    }
  });
  return stream as unknown as { destroy(): void };
}

beforeAll(async () => {
  stack = await TestStack.create(prefix, {
    services: services("caddy", "vikunja", "postgres"),
    exposure: { caddy: { port } },
  });
  real = (await realImages(stack.docker)).vikunja;
  if (real) await stack.configure({ images: { source: "local", refs: { vikunja: real } } });
  const events = await listen();
  await stack.mustUp();
  events.destroy();
  password = (await stack.outputs()).vikunjaPassword as string;
  user = new VikunjaClient(api);
});
afterAll(async () => {
  for (const name of ["one", "two"]) await removeNeighbour(stack.docker, `${prefix}_client_${name}`);
  await stack?.close();
});

const infoAnswers = () =>
  eventually(
    60,
    () => fetch(`${api}/info`),
    ({ status }) => status === 200,
  );

describe("the first up", () => {
  it("starts nothing before what it needs is done, or answers", () => {
    const at = (what: string) => {
      expect(happened).toContain(what);
      return happened.indexOf(what);
    };
    expect(at("die vikunja_db_prepare")).toBeLessThan(at("start vikunja_db_setup"));
    expect(at("die vikunja_db_setup")).toBeLessThan(at("start vikunja_db"));
    expect(at("answer vikunja_db")).toBeLessThan(at("start vikunja"));
    expect(at("answer vikunja")).toBeLessThan(at("start vikunja_user"));
  });

  it("starts what does not need each other side by side", () => {
    expect(happened.indexOf("start caddy")).toBeLessThan(happened.indexOf("answer vikunja"));
  });

  it("leaves nothing for a second one", async () => {
    const { exitCode, all } = await stack.up("--expect-no-changes", "--refresh");
    expect(exitCode, all).toBe(0);
  });
});

describe("the way in", () => {
  it("is Caddy, and no port of its own", async () => {
    expect((await fetch(`${api}/info`)).status).toBe(200);
    for (const own of [3456, 5432]) await expect(fetch(`http://127.0.0.1:${own}/`)).rejects.toThrow();
    for (const name of ["vikunja", "vikunja_db"])
      expect((await stack.container(name).inspect()).HostConfig.PortBindings ?? {}).toEqual({});
  });

  it("asks for a token", async () => {
    for (const path of ["/projects", "/user", "/tasks/1"])
      expect([path, (await user.ask("GET", path)).status]).toEqual([path, 401]);
    expect((await fetch(`${api}/projects`, { headers: { authorization: "Bearer nonsense" } })).status).toBe(401);
  });

  it("is closed to newcomers, on both ways", async () => {
    const body = JSON.stringify({ username: "eve", email: "eve@example.org", password: "correct horse" });
    const post = { method: "POST", headers: { "content-type": "application/json" }, body };
    expect((await fetch(`${api}/register`, post)).status).toBe(404);
    const { stdout } = await execa("curl", [
      "-s",
      "-o",
      "/dev/null",
      "-w",
      "%{http_code}",
      "-H",
      `Host: ${host}`,
      "-H",
      "content-type: application/json",
      "-d",
      body,
      `${door}/api/v1/register`,
    ]);
    expect(stdout).toBe("404");
  });

  it("has no developers' pages, and headers that Vikunja itself does not send", async () => {
    const get = async (path: string) => {
      const { stdout } = await execa("curl", ["-si", "-H", `Host: ${host}`, `${door}${path}`]);
      return stdout.toLowerCase();
    };
    for (const path of [
      "/api/v1/docs",
      "/api/v1/docs.json",
      "/api/v1/docs/redoc.standalone.js",
      "/api/v2/docs",
      "/API/v1/docs",
    ])
      expect(await get(path), path).toMatch(/^http\/1\.1 404/);
    expect((await fetch(`${api}/docs`)).status).toBe(404);
    const page = await get("/");
    expect(page).toMatch(/^http\/1\.1 200/);
    expect(page).toContain("content-security-policy: default-src 'none'; script-src 'self' 'sha256-");
    expect(page).toContain("x-content-type-options: nosniff");
    expect(page).not.toMatch(/^server:/m);
    expect((await fetch(`${api}/info`)).headers.get("content-security-policy")).toContain("sandbox");
  });

  it("sends a browser to the pages' own host name, and leaves API clients alone", async () => {
    const answer = await fetch(`${door}/vikunja/`, { redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([302, `http://${host}/`]);
    expect((await fetch(`${api}/info`, { redirect: "manual" })).status).toBe(200);
  });

  it("does not give all clients one limit of logins", async () => {
    const image = (await stack.container("caddy").inspect()).Config.Image;
    const tries = async (name: string, times: number) => {
      await startNeighbour(stack.docker, {
        name: `${prefix}_client_${name}`,
        image,
        network: `${prefix}_network`,
        entrypoint: ["sleep", "600"],
        files: { "/tmp/body": JSON.stringify({ username: "nobody", password: "wrong" }) },
      });
      const { all } = await stack.exec(`client_${name}`, [
        "sh",
        "-c",
        `for i in $(seq ${times}); do wget -S -O /dev/null --post-file /tmp/body --header 'Content-Type: application/json' http://caddy:8000/vikunja/api/v1/login 2>&1 | grep -o 'HTTP/1.1 [0-9]*' | head -n 1; done`,
      ]);
      return all.match(/HTTP\/1\.1 \d+/g)?.map((line) => Number(line.slice(-3)));
    };
    const one = await tries("one", 62);
    expect(one).toEqual([...Array(60).fill(403), 429, 429]);
    expect(await tries("two", 1)).toEqual([403]);
  });
});

describe("the first user", () => {
  it("logs in with the generated password and with no other", async () => {
    expect(password).toMatch(/^[0-9a-f]{40}$/);
    for (const guess of ["changeme123", "vikunja123", "changeme_jwt", "xnai", "password"])
      expect(await new VikunjaClient(api).login("xnai", guess), guess).toBe(403);
    expect(await new VikunjaClient(api).login("xnai", "")).toBeGreaterThanOrEqual(400);
    expect(await user.login("xnai", password)).toBe(200);
    const me = await user.must<{ username: string; email: string }>("GET", "/user");
    expect(me).toMatchObject({ username: "xnai" });
  });

  it("has a password that stands nowhere: not in events, inspect, logs, processes or plain state", async () => {
    const places: Record<string, string> = { events: told };
    for (const { Id, Names } of await stack.docker.listContainers({ all: true })) {
      const container = stack.docker.getContainer(Id);
      places[`inspect of ${Names}`] = JSON.stringify(await container.inspect());
      places[`log of ${Names}`] = String(await container.logs({ stdout: true, stderr: true }));
    }
    places.processes = (await execa("ps", ["-eo", "args"])).stdout;
    places.state = (await stack.pulumi(["stack", "export", "--stack", "dev"])).stdout;
    expect(told).toContain("vikunja_user");
    for (const [place, text] of Object.entries(places)) expect(text.includes(password), place).toBe(false);
  });

  it("is shown on a terminal only, unless it is asked for", async () => {
    const piped = await stack.xnai(["credentials"]);
    expect(piped.exitCode).toBe(2);
    expect(piped.all).not.toContain(password);
    expect(piped.all).toContain("Credentials are shown on a terminal");
    expect((await stack.xnai(["credentials", "--plain"])).stdout).toContain(`vikunjaPassword=${password}\n`);
    const { stdout } = await execa("script", ["-qec", "node ops/xnai.mjs credentials", "/dev/null"], {
      cwd: stack.folder,
    });
    expect(stdout).toContain(password);
  });
});

describe("data", () => {
  const content = new Uint8Array(randomBytes(19 * 1024 * 1024));
  let task: number;
  let attachment: number;
  const check = async () => {
    await stack.answers();
    if ((await user.ask("GET", "/user")).status !== 200) expect(await user.login("xnai", password)).toBe(200);
    expect(await user.must<{ title: string }>("GET", `/tasks/${task}`)).toMatchObject({ title: "Water the plants" });
    expect((await user.attached(task, attachment)).equals(Buffer.from(content))).toBe(true);
  };

  it("a project, a task and a file of 19 MB are kept, within the container's memory", async () => {
    project = await user.project("Home");
    task = await user.task(project, "Water the plants");
    attachment = await user.attach(task, content);
    await check();
    for (let more = 0; more < 3; more++) await user.attach(task, content);
    const { RestartCount, State } = await stack.container("vikunja").inspect();
    expect([RestartCount, State.OOMKilled]).toEqual([0, false]);
  });

  it("Vikunja stops gracefully, and starts with all of it", async () => {
    const container = stack.container("vikunja");
    await container.stop();
    expect((await container.inspect()).State.ExitCode).toBe(0);
    await container.start();
    await check();
  });

  it("survives kill -9 of Vikunja under writes, without a hand", async () => {
    let acknowledged = 0;
    const writing = (async () => {
      for (;;) {
        await user.task(project, `write ${acknowledged + 1}`);
        acknowledged += 1;
      }
    })().catch(() => undefined);
    await eventually(
      30,
      async () => acknowledged,
      (tasks) => tasks >= 10,
    );
    await killService(stack.container("vikunja"));
    await writing;
    await infoAnswers();
    await check();
    const last = await user.must<{ title: string }[]>(
      "GET",
      `/projects/${project}/tasks?s=write&per_page=50&page=${Math.ceil((acknowledged + 1) / 50)}`,
    );
    expect(last.map(({ title }) => title)).toContain(`write ${acknowledged}`);
  });

  it("survives kill -9 of Postgres, without a hand", async () => {
    await killService(stack.container("vikunja_db"));
    await eventually(
      90,
      async () => (await user.ask("GET", "/user")).status,
      (status) => status === 200 || status === 401,
    );
    await check();
  });

  it("survives new passwords and a new signing key: tokens end, nothing else does", async () => {
    const old = user.token;
    await stack.configure({ rotate: { vikunjaDatabasePassword: 1, postgresPassword: 1, vikunjaSecret: 1 } });
    await stack.mustUp();
    await infoAnswers();
    expect((await fetch(`${api}/user`, { headers: { authorization: `Bearer ${old}` } })).status).toBe(401);
    expect(await user.login("xnai", password)).toBe(200);
    await check();
  });

  it("the first user gets a new password; one who chose their own keeps it", async () => {
    await stack.configure({
      rotate: { vikunjaDatabasePassword: 1, postgresPassword: 1, vikunjaSecret: 1, vikunjaUserPassword: 3 },
    });
    const renewed = await stack.mustUp();
    expect(renewed.all).toContain("Vikunja: new password for xnai");
    const before = password;
    password = (await stack.outputs()).vikunjaPassword as string;
    expect(await new VikunjaClient(api).login("xnai", before)).toBe(403);
    expect(await user.login("xnai", password)).toBe(200);
    await user.must("POST", "/user/password", { old_password: password, new_password: "my own choice" });
    await stack.configure({
      rotate: { vikunjaDatabasePassword: 1, postgresPassword: 1, vikunjaSecret: 1, vikunjaUserPassword: 4 },
    });
    const left = await stack.mustUp();
    expect(left.all).toContain("Vikunja: xnai has a password of their own, which stays");
    password = "my own choice";
    expect(await user.login("xnai", password)).toBe(200);
    await check();
  });

  it("another name makes another user; a mail address that is taken is named", async () => {
    await stack.configure({ vikunja: { user: { name: "ada" } } });
    const taken = await stack.up();
    expect(taken.exitCode).toBe(1);
    expect(taken.all).toMatch(
      /another user of Vikunja has the mail address of the first user, .*: set vikunja\.user\.email/,
    );
    await stack.configure({ vikunja: { user: { name: "ada", email: "ada@example.org" } } });
    expect((await stack.mustUp()).all).toContain("Vikunja: new user ada");
    const ada = new VikunjaClient(api);
    await sleep(1000);
    expect(await ada.login("ada", (await stack.outputs()).vikunjaPassword as string)).toBe(200);
    await check();
  });
});

describe("over HTTPS", () => {
  it("the login cookie is for HTTPS only", async () => {
    await stack.configure({ caddy: { tls: "internal" } });
    await stack.mustUp();
    // The certificate is made after the start.
    const { stdout } = await eventually(
      30,
      () =>
        execa("curl", [
          "-ski",
          ...["--resolve", `${host}:127.0.0.1`],
          ...["-H", "content-type: application/json"],
          ...["-d", JSON.stringify({ username: "xnai", password })],
          `https://${host}/api/v1/login`,
        ]),
      ({ exitCode }) => exitCode === 0,
    );
    expect(stdout).toMatch(/^HTTP\/2 200/);
    expect(stdout).toMatch(/^set-cookie: vikunja_refresh_token=[^\n]*; Secure/im);
  });
});

describe("the pages of the real Vikunja, in a browser", () => {
  it("a project and a task are made and still there after a reload, with no complaint of the policy", async ({
    skip,
  }) => {
    skip(!real, "not run: no real image");
    skip(noBrowser !== undefined, noBrowser);
    await stack.configure({ caddy: undefined });
    await stack.mustUp();
    const browser = await startBrowser();
    try {
      const page = await (await browser.newContext()).newPage();
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (/Content Security Policy|Refused to/i.test(message.text())) complaints.push(message.text());
      });
      const elsewhere: string[] = [];
      page.on("request", (request) => {
        const { host: asked, protocol } = new URL(request.url());
        if (/^(https?|wss?):$/.test(protocol) && asked !== host) elsewhere.push(request.url());
      });
      await page.goto(`http://${host}/`);
      await page.locator("#username").fill("xnai");
      await page.locator("#password").fill(password);
      await page.getByRole("button", { name: /log ?in/i }).click();
      await page.waitForURL((url) => !url.pathname.startsWith("/login"));
      await page.goto(`http://${host}/projects/${project}`);
      await page.locator(".add-task-textarea").fill("Made in a browser");
      await page.keyboard.press("Enter");
      await page.getByText("Made in a browser").waitFor();
      await page.reload();
      await page.getByText("Made in a browser").waitFor();
      expect([complaints, elsewhere]).toEqual([[], []]);
    } finally {
      await browser.close();
    }
  });
});
