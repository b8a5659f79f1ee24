// Users and tokens of apps in Vikunja, whose API is played by the test.
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import type { Answer } from "../../../components/definition/task.ts";
import { granted, keepApps, tokenClients } from "../../../components/vikunja/apps.ts";
import { firstSession, firstUser, tokenFor, userPassword } from "../../../components/vikunja/first-user.ts";
import { reference } from "../../support/reference.ts";

const seed = "seed";
const app = (projects?: string[]) => ({
  image: "localhost/rag:latest",
  health: { tcp: 8000 },
  env: { TOKEN: reference("vikunja.token") },
  ...(projects && { vikunja: { projects } }),
});
const routes = {
  projects: { read_all: {}, read_one: {}, tasks_by_index: {}, create: {}, delete: {} },
  projects_users: { create: {} },
  tasks: { create: {}, read_all: {} },
  tasks_comments: { create: {} },
  labels: { create: {} },
  teams: { create: {} },
};

interface Project {
  id: number;
  title: string;
  owner: { username: string };
  users: string[];
}

/** A Vikunja with as much as the stack asks for. */
class Played {
  readonly users = new Map([["xnai", userPassword(seed, 0)]]);
  readonly bots: { id: number; username: string; owner: string }[] = [];
  tokens: { id: number; owner_id: number; token: string; permissions: object; expires_at: string }[] = [];
  projects: Project[] = [{ id: 1, title: "Inbox", owner: { username: "xnai" }, users: [] }];
  readonly said: string[] = [];
  registrations = 0;
  #ids = 10;

  talk(apps: Record<string, object>) {
    return {
      http: { ask: async (...request: unknown[]) => this.#answer(request) },
      config: parseConfig({ apps }),
      secrets: { vikunjaUserSeed: seed },
      say: (line: string) => void this.said.push(line),
    };
  }

  /** How an app gets its token. */
  issue(apps: Record<string, object>, name: string): Promise<string> {
    const talk = this.talk(apps);
    const client = tokenClients(talk.config).find((each) => each.name === name);
    if (!client) throw new Error(`no app ${name}`);
    return tokenFor(client).run(talk);
  }

  /** What happens whenever apps come, go and change. */
  keep(apps: Record<string, object>): Promise<void> {
    return keepApps(this.talk(apps), firstSession);
  }

  sharedWith(title: string): string[] {
    return this.projects.filter((each) => each.title === title).flatMap(({ users }) => users);
  }

  #answer([method, path, body, headers]: unknown[]): Answer {
    const [status, answer] = this.#asked(`${method}`, `${path}`, body as Record<string, never>, headers as object);
    return { status, body: JSON.stringify(answer ?? {}) };
  }

  #asked(method: string, path: string, body: Record<string, never>, headers: object): [number, unknown?] {
    const url = new URL(path, "http://vikunja");
    const [, , , ...parts] = url.pathname.split("/");
    const asked = `${method} ${parts.map((part) => (/^\d+$/.test(part) ? "N" : part)).join("/")}`;
    if (asked === "GET info") return [200];
    if (asked === "POST login")
      return this.users.get(body.username ?? "") === body.password ? [200, { token: body.username }] : [403];
    if (asked === "POST register") {
      this.registrations += 1;
      this.users.set(body.username ?? "", body.password ?? "");
      return [200];
    }
    const bearer = Object.values(headers ?? {})[0]?.slice("Bearer ".length);
    const by = this.tokens.find(({ token }) => token === bearer);
    const who = by ? this.bots.find(({ id }) => id === by.owner_id)?.username : bearer;
    if (!who) return [401, { code: 11 }];
    return this.#by(who, asked, parts, url, body);
  }

  #by(who: string, asked: string, parts: string[], url: URL, body: Record<string, never>): [number, unknown?] {
    const id = Number(parts[1]);
    const page = <T>(items: T[]) => (url.searchParams.get("page") === "1" ? items : []);
    const project = this.projects.find((each) => each.id === id) as Project;
    switch (asked) {
      case "GET routes":
        return [200, routes];
      case "GET user/bots":
        return [200, { items: page(this.bots.filter(({ owner }) => owner === who)) }];
      case "POST user/bots":
        this.bots.push({ id: ++this.#ids, username: body.username ?? "", owner: who });
        return [201, this.bots.at(-1)];
      case "GET tokens":
        return [200, page(this.tokens.filter(({ owner_id }) => owner_id === Number(url.searchParams.get("owner_id"))))];
      case "PUT tokens":
        this.#ids += 1;
        this.tokens.push({ ...(body as object as Played["tokens"][0]), id: this.#ids, token: `tk_${this.#ids}` });
        return [201, this.tokens.at(-1)];
      case "DELETE tokens/N":
        this.tokens = this.tokens.filter((each) => each.id !== id);
        return [200];
      case "GET projects":
        return [200, page(this.projects.filter(({ owner, users }) => owner.username === who || users.includes(who)))];
      case "PUT projects":
        this.projects.push({ id: ++this.#ids, title: body.title ?? "", owner: { username: who }, users: [] });
        return [201, this.projects.at(-1)];
      case "GET projects/N/users":
        return [200, page(project.users.map((username) => ({ username })))];
      case "PUT projects/N/users":
        expect(body.permission).toBe(1);
        project.users.push(body.username ?? "");
        return [201];
      default:
        if (!asked.startsWith("DELETE projects/N/users/")) return [404];
        project.users = project.users.filter((each) => each !== parts[3]);
        return [200];
    }
  }
}

describe("an app's token", () => {
  it("is its own, ends after a year, and grants tasks and a look at projects", async () => {
    const vikunja = new Played();
    const token = await vikunja.issue({ rag: app(["Agent bus"]) }, "rag");
    const [issued, ...others] = vikunja.tokens;
    expect([issued?.token, others]).toEqual([token, []]);
    expect(vikunja.bots).toMatchObject([{ username: "bot-rag", owner: "xnai-apps", id: issued?.owner_id }]);
    expect(issued?.permissions).toEqual({
      projects: ["read_all", "read_one", "tasks_by_index"],
      tasks: ["create", "read_all"],
      tasks_comments: ["create"],
      labels: ["create"],
    });
    const days = (Date.parse(issued?.expires_at ?? "") - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(365);
    expect(vikunja.sharedWith("Agent bus")).toEqual(["bot-rag"]);
    expect(vikunja.sharedWith("Inbox")).toEqual([]);
    expect(vikunja.said).toEqual(["Vikunja: new project Agent bus"]);
  });

  it("takes the place of the one before, in the same projects", async () => {
    const vikunja = new Played();
    const apps = { rag: app(["Inbox"]), chat: app(["Inbox"]) };
    const [first, chat] = [await vikunja.issue(apps, "rag"), await vikunja.issue(apps, "chat")];
    const second = await vikunja.issue(apps, "rag");
    expect(second).not.toBe(first);
    expect(vikunja.tokens.map(({ token }) => token).toSorted()).toEqual([chat, second].toSorted());
    expect(vikunja.bots.length).toBe(2);
    expect(vikunja.registrations).toBe(1);
    expect(vikunja.sharedWith("Inbox")).toEqual(["bot-rag", "bot-chat"]);
  });

  it("needs the first user to share; where that has a password of its own, somebody has to", async () => {
    const vikunja = new Played();
    vikunja.users.set("xnai", "of her own");
    const apps = { rag: app(["Inbox"]) };
    await expect(vikunja.issue(apps, "rag")).rejects.toThrow(
      "xnai has a password of their own, so that the stack cannot share Inbox with rag: share it in Vikunja with bot-rag",
    );
    vikunja.projects[0]?.users.push("bot-rag");
    await vikunja.issue(apps, "rag");
    expect(vikunja.tokens.length).toBe(1);
  });

  it("grants nothing that a server does not have", () => {
    expect(granted({ projects: { read_all: {} }, tasks: { create: {} } })).toEqual({
      projects: ["read_all"],
      tasks: ["create"],
    });
  });
});

describe("what apps have", () => {
  it("follows the configuration, without another token", async () => {
    const vikunja = new Played();
    const token = await vikunja.issue({ rag: app(["Inbox"]) }, "rag");
    await vikunja.keep({ rag: app(["Agent bus"]) });
    expect(vikunja.sharedWith("Inbox")).toEqual([]);
    expect(vikunja.sharedWith("Agent bus")).toEqual(["bot-rag"]);
    expect(vikunja.tokens.map((each) => each.token)).toEqual([token]);
  });

  it("ends with them: token and projects go, those of others stay", async () => {
    const vikunja = new Played();
    const both = { rag: app(["Inbox"]), chat: app(["Inbox"]) };
    await vikunja.issue(both, "rag");
    const chat = await vikunja.issue(both, "chat");
    await vikunja.keep({ chat: both.chat });
    expect(vikunja.tokens.map(({ token }) => token)).toEqual([chat]);
    expect(vikunja.sharedWith("Inbox")).toEqual(["bot-chat"]);
    expect(vikunja.said).toEqual([
      "Vikunja: Inbox is no longer shared with bot-rag",
      "Vikunja: the token of bot-rag is no longer valid",
    ]);
    await vikunja.keep({ chat: both.chat });
    expect(vikunja.said.length).toBe(2);
    // An app that no longer asks for its token has none either.
    await vikunja.keep({ chat: { ...both.chat, env: {} } });
    expect(vikunja.tokens).toEqual([]);
  });

  it("ends also where projects cannot be taken back", async () => {
    const vikunja = new Played();
    await vikunja.issue({ rag: app(["Inbox"]) }, "rag");
    vikunja.users.set("xnai", "of her own");
    await vikunja.keep({});
    expect(vikunja.tokens).toEqual([]);
    expect(vikunja.said[0]).toContain("so which projects bot-rag sees stays");
  });

  it("is nothing in a stack where none has a token", async () => {
    const vikunja = new Played();
    await vikunja.keep({});
    expect([vikunja.registrations, vikunja.bots, vikunja.said]).toEqual([0, [], []]);
    const { wanted } = firstUser;
    expect(Object.keys(wanted(parseConfig({}), []))).toEqual(["name", "email", "rotation"]);
    const apps = { rag: app(["Inbox"]), url: { ...app(), env: { URL: reference("vikunja.url") } } };
    expect(wanted(parseConfig({ apps }), [])).toMatchObject({ apps: "rag (Inbox)" });
  });
});
