// `xnai smoke` and `xnai import` on a whole stack that is in use: what they say, and that they leave nothing behind.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../components/config/parse.ts";
import { publishedAt } from "../../ops/clients/places.ts";
import type { Result } from "../../ops/smoke/run.ts";
import { askConsul } from "../support/consul.ts";
import { QdrantClient } from "../support/qdrant.ts";
import type { TestStack } from "../support/stack.ts";
import { VikunjaClient } from "../support/vikunja.ts";

interface Args {
  stack: () => TestStack;
  /** Secrets in clear. */
  outputs: () => Record<string, string>;
  /** The `exposure` key of its configuration. */
  exposure: object;
}

export function agentBus({ stack, outputs, exposure }: Args): void {
  let client: VikunjaClient;
  beforeAll(async () => {
    const { vikunjaApi, vikunjaUser, vikunjaPassword } = outputs();
    client = new VikunjaClient(vikunjaApi as string);
    expect(await client.login(vikunjaUser as string, vikunjaPassword as string)).toBe(200);
  });

  /** Everything that a run could have left in the services. */
  async function there() {
    const { redisPassword, qdrantUrl, qdrantKey, consulUrl, consulManagementToken } = outputs();
    const at = publishedAt(parseConfig({ exposure }), "redis") as { host: string; port: number };
    const redis = new Redis({ ...at, password: redisPassword as string });
    const keys = (await redis.keys("*")).toSorted();
    redis.disconnect();
    const qdrant = new QdrantClient(qdrantUrl as string, qdrantKey);
    const { collections } = await qdrant.must<{ collections: { name: string }[] }>("GET", "/collections");
    const catalogue = await askConsul(consulUrl as string, consulManagementToken, "/v1/catalog/services");
    const titles = async (path: string) =>
      (await client.must<{ title: string }[]>("GET", path)).map(({ title }) => title);
    return {
      keys,
      collections: collections.map(({ name }) => name).toSorted(),
      services: Object.keys((await catalogue.json()) as object).toSorted(),
      projects: await titles("/projects"),
      labels: await titles("/labels"),
    };
  }

  const outcomes = (stdout: string) =>
    Object.fromEntries(
      (JSON.parse(stdout) as { steps: Result[] }).steps.map(({ step, outcome }) => [step, outcome] as const),
    );
  const only = (stdout: string, wanted: string) =>
    Object.entries(outcomes(stdout))
      .filter(([, outcome]) => outcome === wanted)
      .map(([step]) => step);

  describe("xnai smoke", () => {
    it("passes, says what ran against stand-ins and what was not run, and leaves nothing behind", async () => {
      const before = await there();
      const { exitCode, stdout, all } = await stack().xnai(["smoke", "--restart", "--json"]);
      expect(exitCode, all).toBe(0);
      expect(only(stdout, "failed")).toEqual([]);
      const { works, steps } = JSON.parse(stdout) as { works: boolean; steps: Result[] };
      expect(works).toBe(true);
      const standIns = new Set(
        (await status()).filter(({ kind }) => kind === "stand-in").map(({ service }) => service),
      );
      expect(new Set(steps.flatMap((step) => step.standIns))).toEqual(standIns);
      expect(only(stdout, "not run").toSorted()).toEqual([
        "caddy: /api leads to xnai_rag_api:8000",
        "caddy: /chainlit leads to xnai_chainlit_ui:8001",
        ...(standIns.has("qdrant") ? ["qdrant: the same over gRPC"] : []),
      ]);
      expect(only(stdout, "passed")).toContain("redis: agent state is there after Redis' restart");
      expect(only(stdout, "passed")).toContain(
        "bus: a task comes in, is worked on with its context, and comes back done",
      );
      for (const [name, value] of Object.entries(outputs()))
        if (/(Password|Token|Key)$/.test(name)) expect(all, name).not.toContain(value);
      expect(await there()).toEqual(before);
    });

    const status = async () =>
      JSON.parse((await stack().xnai(["status", "--json"])).stdout) as { service: string; kind: string }[];

    it("names the steps of a service that is broken or publishes nothing, and passes all others", async () => {
      const before = await there();
      await stack().configure({ exposure: { ...exposure, redis: false } });
      await stack().container("qdrant").stop();
      const { exitCode, stdout } = await stack().xnai(["smoke"]);
      await stack().container("qdrant").start();
      await stack().configure({ exposure });
      expect(exitCode).toBe(1);
      const row = (step: string) => new RegExp(`^${step} +(\\w+)`, "m").exec(stdout)?.[1];
      expect(row("redis: agent state is saved, loaded and expires")).toBe("unreachable");
      expect(stdout).toContain("redis publishes no port on this machine: set xnai:exposure.redis");
      expect(row("qdrant: vectors are written, found and deleted over HTTP")).toBe("failed");
      expect(stdout).toContain("qdrant is exited");
      expect(row("bus: a task comes in, is worked on with its context, and comes back done")).toBe("unreachable");
      for (const other of [
        "consul: an agent is registered, seen passing and failing, and gone",
        "caddy: / is the landing page",
      ])
        expect(row(other)).toBe("passed");
      expect(stdout.match(/^(consul|vikunja|caddy): .* (failed|unreachable|stopped) /gm)).toBeNull();
      expect(stdout).toContain("The agent bus does not work: ");
      await stack().answers();
      expect(await there()).toEqual(before);
    });

    it("takes away what it has made when it is stopped", async () => {
      const before = await there();
      const child = spawn(process.execPath, ["ops/xnai.mjs", "smoke"], {
        cwd: stack().folder,
        env: { ...process.env, NO_COLOR: "1" },
      });
      let [said, printed] = ["", ""];
      child.stdout.on("data", (chunk: Buffer) => {
        printed += chunk;
      });
      child.stderr.on("data", (chunk: Buffer) => {
        if (said === "") child.kill("SIGINT");
        said += chunk;
      });
      const code = await new Promise((done) => child.on("close", done));
      expect([code, said]).toEqual([1, expect.stringContaining("Stopped before every step was run")]);
      expect(printed).toMatch(/^bus: a task comes in.* +stopped/m);
      expect(printed).toContain("The agent bus does not work: ");
      expect(await there()).toEqual(before);
    });
  });

  describe("xnai import", () => {
    const file = (name: string, text: string) => {
      const path = join(stack().folder, name);
      writeFileSync(path, text);
      return path;
    };
    const run = async (path: string, ...more: string[]) =>
      stack().xnai(["import", path, "--project", "Agent bus", ...more]);
    const project = async () =>
      (await client.must<{ id: number; title: string }[]>("GET", "/projects")).find(
        ({ title }) => title === "Agent bus",
      );
    const tasks = async (page = 1) =>
      client.must<{ id: number; title: string; done: boolean; due_date: string; labels: { title: string }[] | null }[]>(
        "GET",
        `/projects/${(await project())?.id}/tasks?per_page=50&page=${page}`,
      );

    it("makes a project of a check list, once, and adds what is new", async () => {
      const list = file("tasks.md", "# Bus\n\n- [ ] one #bus due:2030-01-02\n- [x] two\n- [ ] three\n");
      const dry = await run(list, "--dry-run");
      expect([dry.exitCode, dry.stdout]).toEqual([0, "3 tasks to make, 0 there already"]);
      expect(await project()).toBeUndefined();
      expect((await run(list)).stdout).toBe("3 tasks made, 0 there already");
      expect(await tasks()).toMatchObject([
        { title: "one", done: false, labels: [{ title: "bus" }], due_date: expect.stringMatching(/^2030-01-0[123]T/) },
        { title: "two", done: true, labels: null },
        { title: "three", done: false },
      ]);
      await client.must("POST", `/tasks/${(await tasks())[2]?.id}`, { ...(await tasks())[2], done: true });
      const more = file("more.json", '[{ "title": "one", "done": true }, { "title": "four" }, { "title": "three" }]');
      expect((await run(more)).stdout).toBe(
        "1 task made, 1 marked done, 1 there already\n1 task done in Vikunja and open in the file: it stays done",
      );
      expect((await tasks()).map(({ title, done }) => [title, done])).toEqual([
        ["one", true],
        ["two", true],
        ["three", true],
        ["four", false],
      ]);
      expect((await tasks())[0]?.labels, "what the file does not say stays").toMatchObject([{ title: "bus" }]);
    });

    it("imports nothing of a file with a fault, and names its line", async () => {
      const { exitCode, stderr } = await run(file("bad.md", "- [ ] five\n- [] six\n"));
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/bad\.md:2: "\[\] six" is no check box/);
      expect(await tasks()).toHaveLength(4);
    });

    it("goes on where a killed one has ended", async () => {
      const list = file("many.md", Array.from({ length: 120 }, (_, index) => `- [ ] many ${index}\n`).join(""));
      const child = spawn(process.execPath, ["ops/xnai.mjs", "import", list, "--project", "Agent bus"], {
        cwd: stack().folder,
        stdio: "ignore",
      });
      const ended = new Promise((done) => child.on("close", done));
      while ((await tasks()).length < 20 && child.exitCode === null) await new Promise((done) => setTimeout(done, 5));
      child.kill("SIGKILL");
      await ended;
      const { exitCode, stdout } = await run(list);
      const [, made, known] = /^(\d+) tasks? made, (\d+) there already$/.exec(stdout) ?? [];
      expect([exitCode, Number(made) + Number(known)], stdout).toEqual([0, 120]);
      expect(Number(known)).toBeGreaterThan(0);
      const all = [...(await tasks(1)), ...(await tasks(2)), ...(await tasks(3))].map(({ title }) => title);
      expect([all.length, new Set(all).size]).toEqual([124, 124]);
      await client.must("DELETE", `/projects/${(await project())?.id}`);
    });
  });
}
