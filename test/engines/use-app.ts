// An app of the user's beside a whole stack, behind a migration, with a second Redis and a site: they come, are left alone, and go,
// and its data stays.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { localImage } from "../../airgap/images/names.ts";
import { execIn } from "../../components/engine/api/exec.ts";
import { reference } from "../support/reference.ts";
import type { TestStack } from "../support/stack.ts";

/** Has psql. */
const repo = "localhost/xnai-test/psql";

/** Is well when it reaches its database, and serves what it keeps. */
const app = {
  image: `${repo}:latest`,
  entrypoint: ["sh", "-c"],
  command: ["echo kept >/kept/note; exec /run/xnai/busybox httpd -f -p 8000 -h /kept"],
  env: { DATABASE_URL: reference("database.url"), REDIS_URL: reference("redis.url") },
  health: { command: ["sh", "-c", 'psql "$DATABASE_URL" -c "SELECT 1"'] },
  route: { path: "/own", port: 8000, stripPrefix: true },
  data: { kept: "/kept" },
  writable: ["/var/lib/postgresql/data"],
  limits: { memoryMiB: 64 },
};

/** Makes what the app finds in its database. It would fail the second time. */
const migrate = {
  image: app.image,
  task: true,
  entrypoint: ["sh", "-c"],
  command: ['psql -v ON_ERROR_STOP=1 "$DATABASE_URL" -c "CREATE TABLE kept AS SELECT current_user AS who"'],
  env: { DATABASE_URL: reference("database.url"), QUEUE_URL: reference("apps.queue.url") },
  database: { of: "own" },
  writable: app.writable,
  limits: app.limits,
};

const docs = { site: "./site", route: { path: "/docs" } };

const askRedis = `login=\${REDIS_URL#redis://} && login=\${login%%@*} &&
printf 'AUTH %s %s\\r\\nACL WHOAMI\\r\\nQUIT\\r\\n' "\${login%%:*}" "\${login#*:}" | /run/xnai/busybox nc redis 6379`;

/** @param stack that is up; so it is afterwards, with what the app left */
export async function useApp(stack: TestStack): Promise<void> {
  const { docker } = stack;
  const run = async (name: string, ...command: string[]) => {
    const { code, output } = await execIn(docker, stack.container(name), command, 60_000);
    expect(code, output).toBe(0);
    return output;
  };
  const asApp = (script: string) => run("own", "sh", "-c", `. /run/xnai/environment && ${script}`);
  const page = () => fetch("http://127.0.0.1:8000/own/note");

  await docker.getImage(localImage("postgres")).tag({ repo, tag: "latest" });
  await mkdir(join(stack.folder, "site"));
  await writeFile(join(stack.folder, "site", "index.html"), "site\n");
  await stack.configure({ apps: { own: { ...app, host: [11_434] } } });
  const refused = await stack.up();
  expect(refused.exitCode, refused.all).toBe(3);
  expect(refused.all).toContain("apps.own.host: Podman without root has its containers in a network of their own");
  await stack.configure({ apps: { own: { ...app, needs: ["migrate"] }, migrate, queue: { preset: "redis" }, docs } });
  await stack.mustUp();
  expect(await (await fetch("http://127.0.0.1:8000/docs/")).text()).toBe("site\n");
  expect(await (await page()).text()).toBe("kept\n");
  expect(await asApp(askRedis)).toContain("app-own");
  expect(await asApp('psql "$DATABASE_URL" -At -c "SELECT who FROM kept"')).toContain("own");

  for (const args of [
    ["up", "--yes"],
    ["preview", "--refresh"],
  ]) {
    const { exitCode, all } = await stack.xnai([...args, "--expect-no-changes"]);
    expect(exitCode, all).toBe(0);
  }

  await stack.configure({ apps: undefined });
  await stack.mustUp();
  expect((await page()).status).toBe(404);
  const { all } = await stack.xnai(["status"]);
  expect(all).toContain("unused: data of own, which no app has any more, in xnai_own_kept, the database own.");
  const kept = ["psql", "-w", "-At", "-U", "postgres", "-d", "own", "-c", "SELECT who FROM kept"];
  expect(await run("vikunja_db", ...kept)).toBe("own");
}
