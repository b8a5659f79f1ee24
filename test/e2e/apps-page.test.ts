// docs/apps.md, from the first line to running, word for word: three apps in images of their user's.
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { ensureImages } from "../../airgap/images/index.ts";
import { localImage } from "../../airgap/images/names.ts";
import { logWith, services } from "../support/data.ts";
import { fencedBlocks, shellBlock } from "../support/page-blocks.ts";
import { TestStack } from "../support/stack.ts";

const port = 18_990;
let stack: TestStack;

/** The configurations of the section. */
async function configurations(): Promise<string[]> {
  const page = await readFile(join(import.meta.dirname, "../../docs/apps.md"), "utf8");
  const section = page.split("\n## ").find((part) => part.startsWith("From the first line to running")) ?? "";
  return fencedBlocks(section, "yaml");
}

const keysOf = (block: string) =>
  Object.fromEntries(
    Object.entries((parse(block) as { config: Record<string, object> }).config).map(([key, value]) => [
      key.replace("xnai:", ""),
      value,
    ]),
  );

/** Builds an image as the page does, of programs in place of those that a user has. */
async function build(image: string, programs: Record<string, string>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "xnai-image-"));
  await mkdir(join(folder, "bin"));
  for (const [name, text] of Object.entries(programs))
    await writeFile(join(folder, "bin", name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const start = programs.start === undefined ? "" : 'CMD ["start"]\n';
  await writeFile(join(folder, "Dockerfile"), `FROM ${localImage("busybox")}\nCOPY bin/ /usr/bin/\n${start}`);
  await execa("docker", ["build", "--quiet", "-t", image, folder]);
  await rm(folder, { recursive: true });
}

/** Answers under /health, /, and /api, and shows what it was given. */
const server = (answer: string, at: number) =>
  `mkdir -p /tmp/www/api && echo "${answer}" | tee /tmp/www/health /tmp/www/index.html >/tmp/www/api/index.html
exec httpd -f -p ${at} -h /tmp/www`;

beforeAll(async () => {
  stack = await TestStack.create("e2e-apps-page", {
    services: services("caddy", "redis", "qdrant"),
    exposure: { caddy: { port }, redis: { port: port + 1 }, qdrant: { port: port + 2, grpcPort: port + 3 } },
    // Of this engine, which is older than 28, up asks for that; docs/configuration.md.
    egressOpenToLink: true,
  });
  await ensureImages({ docker: stack.docker, names: ["busybox"] });
  await build("localhost/rag:latest", {
    start: server("rag $LOG_LEVEL $(expr length $QDRANT_API_KEY) $(expr substr $REDIS_URL 1 8)", 8000),
  });
  // The page's own is on a registry; one of that name that is here already serves as well.
  await build("ghcr.io/me/chat:1.4", { start: `touch /app/.files/session && ${server("chat of $API", 8001)}` });
  await build("localhost/curation:latest", {
    python: `[ "$2" = curation.alive ] && exit 0
echo "token of $(wc -c <"$HF_TOKEN_FILE")" && touch /library/book && exec sleep 1000000`,
  });
});
afterAll(async () => stack?.close());

test("its three apps come up with what it says", async () => {
  const pages = (await configurations()).map(keysOf);
  await stack.configure({
    apps: Object.assign({}, ...pages.map(({ apps }) => apps)),
    secrets: Object.assign({}, ...pages.map(({ secrets }) => secrets)),
  });
  const setting = shellBlock("apps.md", "pulumi config set --secret");
  await execa("sh", ["-ec", setting], { cwd: stack.folder, input: "hf_12345" });
  await stack.mustUp();
});

test("the first answers in the place of the route that was there", async () => {
  const answer = await fetch(`http://localhost:${port}/api/`);
  expect((await answer.text()).trim()).toMatch(/^rag info \d{2,} redis:\/\/$/);
});

test("the second has a name of its own at the front door", async () => {
  // Browsers and curl know that every such name is this machine; fetch asks a resolver.
  const [asked] = await once(get({ port, path: "/", headers: { host: `chat.localhost:${port}` } }), "response");
  expect((await text(asked)).trim()).toBe("chat of http://rag_api:8000");
});

test("the third reads its token from a file", async () => {
  expect((await logWith(stack.container("curation"), "token of")).trim()).toBe("token of 8");
});

test("nothing is left to do", async () => {
  const { exitCode, all } = await stack.up("--expect-no-changes", "--refresh");
  expect(exitCode, all).toBe(0);
});
