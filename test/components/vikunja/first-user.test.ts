// Vikunja's first user: the containers that make it, and what they say to each other. Vikunja is played by the test.
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import type { Answer } from "../../../components/definition/task.ts";
import { firstUser, userPassword } from "../../../components/vikunja/first-user.ts";
import { task, tasks } from "../../support/program.ts";
import { localStack, viewOf } from "../../support/whole-stacks.ts";

const program = await localStack();
const [server, client] = tasks(program).filter(({ marker }) => marker.name === "vikunja-user");
const envOf = (envs: unknown) => Object.fromEntries((envs as string[]).map((item) => item.split(/=(.*)/s)));

describe("Vikunja's first user is made by an instance", () => {
  it("that only its own containers reach, the one place where registration is on", () => {
    expect(envOf(server?.container.envs)).toEqual({
      ...viewOf(program).env("vikunja"),
      VIKUNJA_SERVICE_ENABLEREGISTRATION: "true",
      VIKUNJA_SERVICE_INTERFACE: "127.0.0.1:3456",
    });
    expect(server?.container).toMatchObject({
      name: "xnai_vikunja_user",
      user: "1000:1000",
      readOnly: true,
      capabilities: { adds: [], drops: ["ALL"] },
      networksAdvanced: [{ name: "xnai_db" }],
      volumes: [{ volumeName: "xnai_vikunja_config", containerPath: "/run/xnai", readOnly: true }],
    });
    expect(client?.container).toMatchObject({
      name: "xnai_vikunja_user_client",
      user: "1000:1000",
      readOnly: true,
      networkMode: "container:xnai_vikunja_user",
    });
    expect(client?.container).not.toHaveProperty("volumes");
  });

  it("that keeps its data away from Vikunja's", () => {
    expect(task(program, "vikunja-user").container.tmpfs).toHaveProperty(["/app/vikunja/files"]);
  });
});

const seed = "seed";
const [now, before, longBefore] = [2, 1, 0].map((rotation) => userPassword(seed, rotation));

/** Vikunja with one user, or none; requests as `POST /path`. */
function vikunja(password?: string, register?: Partial<Answer>) {
  const asked: string[] = [];
  let current = password;
  const json = (status: number, body: object = {}) => ({ status, body: JSON.stringify(body) });
  const ask = async (method: string, path: string, body?: unknown, headers?: Record<string, string>) => {
    asked.push(`${method} ${path}`);
    const given = body as Record<string, string>;
    if (path === "/api/v1/info") return json(200);
    if (path === "/api/v1/register") {
      if (register) return { ...json(400), ...register };
      if (current !== undefined) return json(400, { code: 1001 });
      current = given.password;
      return json(200);
    }
    if (path === "/api/v1/login") return given.password === current ? json(200, { token: "t" }) : json(403);
    expect(headers).toEqual({ Authorization: "Bearer t" });
    expect(given.old_password).toBe(current);
    current = given.new_password;
    return json(200);
  };
  return { http: { ask }, asked, password: () => current };
}

async function run(server: ReturnType<typeof vikunja>, rotation: number): Promise<string[]> {
  const said: string[] = [];
  const config = parseConfig({ rotate: { vikunjaUserPassword: rotation } });
  const secrets = { vikunjaUserSeed: seed };
  await firstUser.run({ http: server.http, config, secrets, wanted: {}, say: (line) => said.push(line) });
  return said;
}

describe("Vikunja's first user", () => {
  it("is registered where there is none", async () => {
    const server = vikunja();
    expect(await run(server, 0)).toEqual(["Vikunja: new user xnai"]);
    expect(server.password()).toBe(longBefore);
    expect(longBefore).toHaveLength(40);
  });

  it("is left alone when it is there and its password was never renewed", async () => {
    const server = vikunja("anything");
    expect(await run(server, 0)).toEqual([]);
    // The last one is whether apps have users here.
    expect(server.asked).toEqual(["GET /api/v1/info", "POST /api/v1/register", "POST /api/v1/login"]);
  });

  it.each([
    ["the one before", before],
    ["one from a backup", longBefore],
  ])("gets the renewed password for %s", async (_, password) => {
    const server = vikunja(password);
    expect(await run(server, 2)).toEqual(["Vikunja: new password for xnai"]);
    expect(server.password()).toBe(now);
  });

  it("that has the password already is not asked for an earlier one", async () => {
    const server = vikunja(now);
    expect(await run(server, 2)).toEqual([]);
    expect(server.asked.filter((each) => each.endsWith("/login"))).toHaveLength(2);
  });

  it("keeps a password of their own", async () => {
    const server = vikunja("my own");
    expect(await run(server, 2)).toEqual(["Vikunja: xnai has a password of their own, which stays"]);
    expect(server.password()).toBe("my own");
  });

  it.each<[string, Partial<Answer>, RegExp]>([
    ["whose address is taken", { body: '{"code":1002}' }, /the mail address of the first user, .*vikunja\.user\.email/],
    ["that is refused", { status: 412, body: "too short" }, /answers 412 to the registration of xnai: too short/],
    ["whom no Vikunja answers", { status: 502, body: "<html>" }, /answers 502 to the registration/],
  ])("%s ends in an error that says so", async (_, answer, error) => {
    await expect(run(vikunja("x", answer), 0)).rejects.toThrow(error);
  });
});
