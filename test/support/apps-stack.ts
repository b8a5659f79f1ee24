// Two apps on a stack with Caddy and Redis, and what tests ask of them.
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { parse } from "yaml";
import { ensureImages } from "../../airgap/images/index.ts";
import { localImage } from "../../airgap/images/names.ts";
import { services } from "./data.ts";
import { bareImage } from "./images.ts";
import { reference } from "./reference.ts";
import { TestStack } from "./stack.ts";

/** Has nothing but a web server and a page: no shell, no client, no user. */
export const bare = "localhost/xnai-test/bare:latest";
/** Has a shell. */
export const shell = "localhost/xnai-test/shell:latest";

/** An app that runs a script. */
export const worker = (script: string) => ({
  image: shell,
  entrypoint: ["sh", "-c"],
  command: [script],
  health: { command: ["true"] },
  limits: { memoryMiB: 32 },
});

/** Ends with 42 when it is asked to stop, and says what it was given. */
export const obedient = 'trap "exit 42" TERM; echo "up with $NAME"; while :; do sleep 0.1; done';

export const web = {
  image: bare,
  env: {
    NAME: "web",
    TOKEN: `it's "\${secrets.token}"`,
    REDIS_URL: reference("redis.url"),
    KEY_FILE: { file: reference("secrets.token") },
  },
  health: { http: "/", port: 8000 },
  route: { path: "/api", port: 8000, stripPrefix: true },
  data: { kept: "/kept" },
  // As a first process it takes no notice of any other.
  stopSignal: "SIGKILL",
  limits: { memoryMiB: 32 },
};
export const secrets: Record<string, object> = { token: { generate: 40 } };
export const apps: Record<string, object> = {
  web,
  work: {
    ...worker(obedient),
    env: { NAME: "work", PASSWORD: reference("secrets.token") },
    needs: ["web"],
    stopGraceSeconds: 5,
  },
};

/** Brings it up. @param port of the front door; Redis has the next one */
export async function appsStack(prefix: string, port: number): Promise<TestStack> {
  const stack = await TestStack.create(prefix, {
    services: services("caddy", "redis"),
    exposure: { caddy: { port }, redis: { port: port + 1 } },
    secrets,
    apps,
  });
  await ensureImages({ docker: stack.docker, names: ["busybox"] });
  await stack.docker.getImage(localImage("busybox")).tag({ repo: "localhost/xnai-test/shell", tag: "latest" });
  await bareImage(stack.docker, bare, "first");
  await stack.mustUp();
  return stack;
}

/** Asks it. @param port of the front door */
export function asking(stack: TestStack, port: number) {
  const container = (name: string) => stack.container(name).inspect();
  const inside = (name: string, ...command: string[]) => stack.exec(name, ["/run/xnai/busybox", ...command]);
  return {
    container,
    inside,
    ids: async (...names: string[]) => Promise.all(names.map(async (name) => (await container(name)).Id)),
    lock: async () => parse(await readFile(join(stack.folder, "Pulumi.dev.lock.yaml"), "utf8")) as { images: object },
    /** What the front door answers. @param host name that is asked for */
    text: (path: string, { host = "localhost" } = {}) =>
      new Promise<string>((done, failed) => {
        const asked = request(`http://127.0.0.1:${port}${path}`, { headers: { host } }, async (answer) => {
          const chunks: Buffer[] = [];
          for await (const chunk of answer) chunks.push(chunk as Buffer);
          done(Buffer.concat(chunks).toString("utf8"));
        });
        asked.once("error", failed);
        asked.end();
      }),
    /** The environment of an app's first process. */
    async environment(name: string): Promise<Record<string, string>> {
      const { stdout } = await inside(name, "cat", "/proc/1/environ");
      return Object.fromEntries(
        stdout.split("\0").map((each) => [each.slice(0, each.indexOf("=")), each.slice(each.indexOf("=") + 1)]),
      );
    },
  };
}
