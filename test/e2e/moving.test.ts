// The commands of docs/moving.md, run as they stand there (but for the prefix), on data that belongs to somebody else.
import { readFileSync, writeFileSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, it } from "vitest";
import { services } from "../support/data.ts";
import { shellBlock } from "../support/page-blocks.ts";
import { QdrantClient } from "../support/qdrant.ts";
import { TestStack } from "../support/stack.ts";
import { VikunjaClient } from "../support/vikunja.ts";

const prefix = "e2e-move";
const base = 18600;
const config = {
  services: services("caddy", "redis", "vikunja", "postgres", "qdrant"),
  exposure: { caddy: { port: base }, redis: { port: base + 1 }, qdrant: { port: base + 3, grpcPort: base + 4 } },
};

let stack: TestStack;
let outputs: Record<string, string>;

beforeAll(async () => {
  // The old compose file ran Redis without an append-only file.
  stack = await TestStack.create(prefix, { ...config, redis: { persistence: "snapshot" } });
});
afterAll(async () => stack?.close());

/** The shell block of the document that holds all of these words, for the prefix. */
const steps = (...words: string[]) =>
  shellBlock("moving.md", ...words)
    .replaceAll("xnai_", `${prefix}_`)
    .replaceAll("stack=xnai", `stack=${prefix}`);
const run = (script: string) => execa("bash", ["-euo", "pipefail", "-c", script], { cwd: stack.folder });

const sql = (text: string) =>
  execa("docker", [
    ...["exec", `${prefix}_vikunja_db`, "psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", "postgres"],
    ...["-d", "vikunja", "-c", text],
  ]);
/** Step 6, and its way back. */
const bringIn = () => ours(steps("into-place.sql"));
const back = () => ours(steps("empty.sql vikunja.new.sql"));
const ours = (script: string) => script.replace("npm run up --", "node ops/xnai.mjs up --yes");

const redis = () =>
  new Redis({ host: "127.0.0.1", port: base + 1, password: outputs.redisPassword as string, retryStrategy: null });
const qdrant = () => new QdrantClient(`http://127.0.0.1:${base + 3}`, outputs.qdrantKey);
async function vikunja(password: string): Promise<VikunjaClient> {
  const client = new VikunjaClient(`http://127.0.0.1:${base}/vikunja/api/v1`);
  expect(await client.login("xnai", password)).toBe(200);
  return client;
}

it("brings the data of an old stack in", async () => {
  // An old stack with data in it, which then is in ./data and vikunja.sql only.
  await stack.mustUp();
  outputs = (await stack.outputs()) as Record<string, string>;
  const oldPassword = outputs.vikunjaPassword as string;
  const client = redis();
  await client.set("kept", "yes");
  client.disconnect();
  await qdrant().create("kept");
  await qdrant().fill("kept", 0, 50);
  await (await vikunja(oldPassword)).project("kept");
  // Two tables as Vikunja 0.24 leaves them where a schema has the name of its user.
  await sql("CREATE SCHEMA vikunja; CREATE TABLE vikunja.old_views (id serial PRIMARY KEY, title text)");
  await sql(
    "INSERT INTO vikunja.old_views (title) VALUES ('a'), ('b'), ('c'); CREATE TABLE public.old_settings (x int)",
  );
  // There the user `vikunja` was the superuser, and needed no password.
  const save = steps("-AtX -U vikunja").replaceAll("-U vikunja", "-U postgres -h 127.0.0.1");
  await run(save);
  for (const [suffix, volume, directory] of [
    ["qdrant", "qdrant_storage", "qdrant"],
    ["redis", "redis_data", "redis"],
    ["vikunja", "vikunja_files", "vikunja/files"],
  ] as const) {
    await stack.container(suffix).stop();
    const { Mountpoint } = await stack.docker.getVolume(`${prefix}_${volume}`).inspect();
    await mkdir(join(stack.folder, "data", directory), { recursive: true });
    await cp(Mountpoint, join(stack.folder, "data", directory), { recursive: true });
  }
  await run("chown -R 1001:1001 data && rm -f data/redis/.xnai data/qdrant/.xnai data/vikunja/files/.xnai");
  const gone = await stack.xnai(["destroy", "--yes", "--data"]);
  expect(gone.exitCode, gone.all).toBe(0);

  await stack.configure({ redis: undefined });
  await run(steps("place qdrant_storage"));
  const up = await stack.mustUp();
  expect(up.all).toMatch(/volume e2e-move_qdrant_storage: \d+ of \d+ entries given to 1000:1000 \(were: 1001:1001/);
  outputs = { ...((await stack.outputs()) as Record<string, string>), oldPassword };
  const moved = redis();
  expect(await moved.get("kept"), "in Redis").toBe("yes");
  moved.disconnect();
  expect(await qdrant().count("kept"), "in Qdrant").toBe(50);

  await run(bringIn());
  expect((await sql("SELECT count(*), max(id) FROM public.old_views")).stdout).toBe("3|3");
  expect((await sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'vikunja'")).stdout).toBe("0");
  // The sequence came along, and everything belongs to Vikunja's role.
  await sql("SET ROLE vikunja; INSERT INTO public.old_views (title) VALUES ('d')");
  const listed = await (await vikunja(oldPassword)).must<{ title: string }[]>("GET", "/projects");
  expect(listed.map(({ title }) => title)).toContain("kept");
  const { exitCode, all } = await stack.up("--refresh", "--expect-no-changes");
  expect(exitCode, all).toBe(0);
});

it("leaves a database as it is when the old one is in two schemas, or when rows are missing, and leads back", async () => {
  const rows = async () => (await sql("SELECT count(*) FROM public.old_views")).stdout;
  const before = await rows();
  const old = readFileSync(join(stack.folder, "vikunja.sql"), "utf8");
  const write = (text: string) => writeFileSync(join(stack.folder, "vikunja.sql"), text);
  write(`${old}\nCREATE TABLE vikunja.old_settings (x int);\n`);
  const twice = await run(bringIn()).catch((error) => error);
  expect(twice.stderr).toContain('relation "old_settings" already exists in schema "public"');
  expect(await rows()).toBe(before);

  write(old.replace("\n1\ta\n", "\n"));
  const missing = await run(bringIn()).catch((error) => error);
  expect(missing.exitCode).toBe(1);
  expect(missing.stdout).toMatch(/< old_views\|3\n---\n> old_views\|2/);
  expect(await rows()).toBe("2");
  await run(back());
  expect(await rows()).toBe(before);
  await vikunja(outputs.oldPassword as string);
});
