// What the images of apps are is looked up once and written down.
import { existsSync, rmSync } from "node:fs";
import type Docker from "dockerode";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { exitCode } from "../../../lib/errors.ts";
import { Clone } from "../../support/clone.ts";

const clone = new Clone();
let pinImages: typeof import("../../../ops/engine/pin-images.ts").pinImages;
let stackConfig: typeof import("../../../ops/config-file.ts").stackConfig;
beforeAll(async () => {
  [{ pinImages }, { stackConfig }] = await Promise.all([
    clone.load<typeof import("../../../ops/engine/pin-images.ts")>("ops/engine/pin-images.ts"),
    clone.load<typeof import("../../../ops/config-file.ts")>("ops/config-file.ts"),
  ]);
});

const hash = (digit: number) => `sha256:${"0".repeat(63)}${digit}`;
const file = "Pulumi.dev.lock.yaml";
const local = "localhost/rag:latest";
const remote = "docker.io/library/python:3.12";

/** What the engine has, by reference; what a registry has besides is there once it is pulled. */
let engine: Record<string, object>;
let registry: Record<string, object>;
const pulled: string[] = [];
const docker = {
  getImage: (reference: string) => ({
    inspect: async () =>
      engine[reference] ?? Promise.reject(Object.assign(new Error("no such image"), { statusCode: 404 })),
  }),
  pull: async (reference: string) => {
    pulled.push(reference);
    engine[reference] = registry[reference] as object;
    return {};
  },
  modem: { followProgress: (_: unknown, done: (error: null, lines: object[]) => void) => done(null, []) },
} as unknown as Docker;

const image = (id: number, digests: string[] = [], config: object = {}) => ({
  Id: hash(id),
  RepoDigests: digests,
  Config: { Entrypoint: null, Cmd: ["run"], User: "", Volumes: null, ...config },
});

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  engine = {};
  registry = { [remote]: image(9, [`python@${hash(8)}`], { Entrypoint: ["tini", "--"], Volumes: { "/data": {} } }) };
  pulled.length = 0;
});
afterEach(() => {
  vi.restoreAllMocks();
  clone.reset("dev");
  rmSync(clone.path(file), { force: true });
});

function configured(...images: string[]) {
  const apps = images.map((each, index) => `      app${index}: { image: "${each}", health: { tcp: 80 } }`);
  clone.write("Pulumi.dev.yaml", apps.length > 0 ? `config:\n  xnai:apps:\n${apps.join("\n")}\n` : "config: {}\n");
  return stackConfig("dev");
}
const written = () => (parse(clone.read(file)) as { images: Record<string, object> }).images;
const said = () => vi.mocked(console.error).mock.calls.flat().join("\n");

it("pulls what nobody has looked at, and pins it by its digest for good", async () => {
  const config = await pinImages(docker, "dev", configured(remote));
  expect(pulled).toEqual([remote]);
  expect(written()).toEqual({
    [remote]: { digest: hash(8), entrypoint: ["tini", "--"], command: ["run"], user: "", volumes: ["/data"] },
  });
  expect(config.images.refs.app0).toBe(`docker.io/library/python@${hash(8)}`);
  expect(config.apps.app0?.pinned?.entrypoint).toEqual(["tini", "--"]);
  engine = { [remote]: image(5, [`python@${hash(5)}`]) };
  await pinImages(docker, "dev", configured(remote));
  expect(written()).toMatchObject({ [remote]: { digest: hash(8) } });
  expect(pulled).toEqual([remote]);
});

it("pins by its id what only the engine has, and sees that it was built anew", async () => {
  engine = { [local]: image(1, [`localhost/rag@${hash(7)}`]) };
  await pinImages(docker, "dev", configured(local));
  expect(written()).toMatchObject({ [local]: { id: hash(1) } });
  engine = { [local]: image(2) };
  const config = await pinImages(docker, "dev", configured(local));
  expect(config.images.refs.app0).toBe(hash(2));
  expect(written()).toMatchObject({ [local]: { id: hash(2) } });
  expect(said()).toContain(`${local} is another image than before: app0 gets the one that is there now`);
  expect(pulled).toEqual([]);
});

it("never pulls an image that no registry has", async () => {
  await expect(pinImages(docker, "dev", configured(local))).rejects.toMatchObject({
    code: exitCode.machine,
    message: `The image ${local} of apps.app0 is not on the engine, and no registry has it.`,
    fix: expect.stringContaining(`docker build -t ${local}`),
  });
  expect([pulled, existsSync(clone.path(file))]).toEqual([[], false]);
});

it("forgets what no app names any more, and leaves no file to a stack without apps", async () => {
  engine = { [local]: image(1) };
  await pinImages(docker, "dev", configured(local, remote));
  await pinImages(docker, "dev", configured(remote));
  expect(Object.keys(written())).toEqual([remote]);
  await pinImages(docker, "dev", configured());
  expect(existsSync(clone.path(file))).toBe(false);
});
