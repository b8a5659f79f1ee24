// A service that somebody adds, on a real engine: a definition and its name in the list are all that it takes.
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureImages } from "../../airgap/images/index.ts";
import { localImage } from "../../airgap/images/names.ts";
import { askConsul } from "../support/consul.ts";
import { services } from "../support/data.ts";
import { eventually } from "../support/neighbour.ts";
import { TestStack } from "../support/stack.ts";

const ports = { caddy: 18_960, consul: 18_961, toy: 18_962 };
let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.create("e2e-toy", {
    services: services("caddy", "consul"),
    exposure: { caddy: { port: ports.caddy }, consul: { port: ports.consul }, toy: { port: ports.toy } },
    images: { source: "local", refs: { toy: "xnai.local/toy:1.0-0123456789ab" } },
    toy: { greeting: "good day" },
  });
  await cp(join(import.meta.dirname, "../toy"), join(stack.folder, "test/toy"), { recursive: true });
  const list = join(stack.folder, "components/services.ts");
  const text = await readFile(list, "utf8");
  expect(text).toMatch(/, consul\];/);
  await writeFile(
    list,
    `import { toy } from "../test/toy/definition.ts";\n${text.replace(", consul];", ", consul, toy];")}`,
  );
  // An image that nobody can build or pull, under a name of its own: what it is made of must not say what it may do.
  await ensureImages({ docker: stack.docker, names: ["busybox"] });
  await stack.docker.getImage(localImage("busybox")).tag({ repo: "xnai.local/toy", tag: "1.0-0123456789ab" });
  await stack.mustUp();
});
afterAll(async () => stack?.close());

test("it runs, answers, and is well", async () => {
  expect(await (await fetch(`http://127.0.0.1:${ports.toy}/`)).text()).toBe("good day\n");
  const { stdout, exitCode } = await stack.xnai(["status", "--json"]);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toContainEqual(
    expect.objectContaining({ service: "toy", container: "e2e-toy_toy", health: "healthy", ok: true }),
  );
});

test("the landing page, Consul and the credentials name it", async () => {
  const page = await (await fetch(`http://127.0.0.1:${ports.caddy}/`)).text();
  expect(page).toContain(`href="http://localhost:${ports.toy}/">Open the toy</a>`);
  const outputs = await stack.outputs();
  const passing = await eventually(
    60,
    async () => {
      const health = "/v1/health/service/toy?passing=true";
      return (await (
        await askConsul(`http://127.0.0.1:${ports.consul}`, outputs.consulManagementToken as string, health)
      ).json()) as unknown[];
    },
    (found) => found.length === 1,
  );
  expect(passing).toHaveLength(1);
  const { stdout } = await stack.xnai(["credentials", "--plain"]);
  expect(stdout).toMatch(new RegExp(`^toyAddress=localhost:${ports.toy}$`, "m"));
  expect(stdout).toMatch(/^toyKey=[A-Za-z0-9]{32}$/m);
});

test("nothing is left to do, and a busy port of its own is named", async () => {
  const { exitCode, all } = await stack.up("--expect-no-changes", "--refresh");
  expect(exitCode, all).toBe(0);
  await stack.configure({
    exposure: { caddy: { port: ports.caddy }, consul: { port: ports.consul }, toy: { port: 1 } },
  });
  const preview = await stack.xnai(["preview"]);
  expect(preview.exitCode, preview.all).toBe(5);
  expect(preview.all).toContain("toy publishes on host port 1, a privileged one");
});
