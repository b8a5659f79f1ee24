// `up --take-over`: what it removes, what it keeps, and what it asks. The way from there to a whole stack is in test/e2e.
import { globSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { exitCode } from "../../lib/errors.ts";
import {
  backupFile,
  bakFile,
  checkpoint,
  checkpointResource,
  historyFile,
  passphrase,
  salt,
  stateFile,
} from "../support/checkpoints.ts";
import { Clone } from "../support/clone.ts";
import { FakeEngine } from "../support/fake-engine.ts";

const clone = new Clone();
const labels = { "io.xnai.stack": "lab" };
const dataLabels = { ...labels, "io.xnai.role": "data" };
const file = "Pulumi.dev.yaml";
let engine: FakeEngine;
let takeOver: typeof import("../../ops/take-over.ts").takeOver;

beforeAll(async () => {
  ({ takeOver } = await clone.load<typeof import("../../ops/take-over.ts")>("ops/take-over.ts"));
  engine = await FakeEngine.start();
});
afterAll(() => engine.stop());
beforeEach(() => {
  for (const name of ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"])
    vi.stubEnv(name, undefined);
  vi.stubEnv("DOCKER_HOST", engine.host);
  vi.spyOn(console, "error").mockImplementation(() => {});
  clone.write(file, "config:\n  xnai:prefix: lab\n");
  engine.containers = [
    { id: "1", name: "lab_redis", image: "redis:8", labels },
    { id: "2", name: "lab_mine", labels },
    { id: "3", name: "lab_caddy" },
  ];
  engine.networks = [{ id: "n", name: "lab_network", labels, containers: ["1"] }];
  engine.volumes = [{ name: "lab_redis_data", labels: dataLabels }];
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  engine.clear();
  clone.reset("dev");
});

it("removes the containers and networks that are the stack's by name and label, and never a volume", async () => {
  await takeOver("dev", true);
  expect(engine.changes).toEqual([
    "POST /containers/lab_redis/stop",
    "DELETE /containers/lab_redis",
    "DELETE /networks/lab_network",
  ]);
  expect(engine.volumes).toHaveLength(1);
  expect(clone.read(file), "what wrote the data").toContain("source: hub");
});

it("asks first, and changes nothing where nobody can answer", async () => {
  await expect(takeOver("dev", false)).rejects.toMatchObject({
    code: exitCode.usage,
    message: expect.stringMatching(
      /with a new state and new passwords\. Removed and made anew: lab_redis, lab_network\. Go on\?/,
    ),
  });
  expect(engine.changes).toEqual([]);
});

it("refuses while somebody else's container is on a network of the stack", async () => {
  engine.networks = [{ id: "n", name: "lab_network", labels, containers: ["1", "3"] }];
  await expect(takeOver("dev", true)).rejects.toMatchObject({
    code: exitCode.machine,
    message: expect.stringContaining("lab_caddy is on lab_network"),
  });
  expect(engine.changes).toEqual([]);
});

it("keeps a state that can be used, and what it knows", async () => {
  clone.write(".xnai/passphrase", passphrase);
  clone.write(stateFile, checkpoint({ resources: [checkpointResource("redis", { id: "1" })] }));
  await takeOver("dev", true);
  expect(engine.changes).toEqual(["DELETE /networks/lab_network"]);
  expect(clone.read(stateFile)).toContain("checkpoint");
});

it("puts a state aside whose passphrase is lost, with all copies, and deletes nothing", async () => {
  clone.write(file, `config:\n  xnai:prefix: lab\nencryptionsalt: ${salt}\n`);
  for (const each of [stateFile, bakFile, backupFile, historyFile]) clone.write(each, checkpoint());
  await takeOver("dev", true);
  const kept = globSync(".xnai/dev.put-aside-*/**/*.{json,bak}", { cwd: clone.folder });
  expect(kept).toHaveLength(4);
  expect(globSync(".xnai/.pulumi/**/*.{json,bak}", { cwd: clone.folder })).toEqual([]);
  expect(clone.read(file)).not.toContain("encryptionsalt");
});

it("does not throw away what the configuration has encrypted", async () => {
  clone.write(
    file,
    `config:\n  xnai:prefix: lab\n  xnai:x: {secure: "v1:a"}\nencryptionsalt: ${salt}\n`.replace(
      "  xnai:x",
      "  other:x",
    ),
  );
  await expect(takeOver("dev", true)).rejects.toMatchObject({
    code: exitCode.usage,
    message: expect.stringContaining("holds encrypted values"),
  });
  expect(engine.changes).toEqual([]);
});

it("does not guess which images wrote the data where no container says so", async () => {
  engine.containers = [];
  engine.networks = [];
  await expect(takeOver("dev", true)).rejects.toMatchObject({
    code: exitCode.usage,
    message: expect.stringContaining("does not say which images wrote the data in lab_redis_data"),
  });
});
