// What a real engine makes of a registry that wants a login, limits, or is not there.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { download } from "../../components/engine/api/images.ts";
import { exitCode } from "../../lib/errors.ts";
import { findEngine } from "../../ops/engine/connection/find.ts";
import { hubAnswers, pullRefused } from "../../ops/engine/registry.ts";
import { limitWords, Registry } from "../support/registry.ts";
import { ownNamespace } from "../support/test-engine.ts";

const folder = mkdtempSync(join(tmpdir(), "xnai-login-"));
let docker: Docker;
let registry: Registry;

beforeAll(async () => {
  docker = (await findEngine()).docker;
  registry = await Registry.start("somebody:a secret");
});
afterAll(async () => {
  await docker
    .getImage(registry.image)
    .remove({ force: true })
    .catch(() => undefined);
  registry.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  vi.stubEnv("DOCKER_CONFIG", folder);
  login("somebody:a secret");
  registry.limited = false;
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const login = (words: string) =>
  writeFileSync(
    join(folder, "config.json"),
    JSON.stringify({ auths: words ? { [registry.address]: { auth: Buffer.from(words).toString("base64") } } : {} }),
  );

/** What a refused pull says to the user. */
const refusedPull = () =>
  download(docker, registry.image).then(
    () => expect.fail("the pull was not refused"),
    (error) => pullRefused("redis", registry.image, error),
  );

it("asks and pulls with the login of this machine", async () => {
  const tagged = registry.image.split("@")[0] as string;
  expect(await hubAnswers(docker, tagged)).toBe(true);
  await download(docker, registry.image);
  expect(await docker.getImage(registry.image).inspect()).toMatchObject({ Os: "linux" });
  await docker.getImage(registry.image).remove({ force: true });
});

it.each([
  ["", /wants a login/],
  ["somebody:wrong", /refuses the login of user somebody/],
])("says that the registry takes no login '%s'", async (words, message) => {
  login(words);
  expect(await refusedPull()).toMatchObject({
    code: exitCode.machine,
    message: expect.stringMatching(message),
    fix: expect.stringContaining(`Run docker login ${registry.address} (or podman login ${registry.address}).`),
  });
  await expect(hubAnswers(docker, registry.image)).rejects.toMatchObject({ code: exitCode.machine });
});

it("names the limit", async () => {
  registry.limited = true;
  const error = await refusedPull();
  expect(error).toMatchObject({
    code: exitCode.machine,
    message: expect.stringMatching(/the limit of user somebody is reached/),
  });
  expect(error.message).toContain(limitWords);
  await expect(hubAnswers(docker, registry.image)).rejects.toThrow("limits how much may be pulled");
});

it.runIf(ownNamespace)("takes a hub that has no way there for out of reach", async () => {
  vi.stubEnv("DOCKER_CONFIG", join(folder, "nowhere"));
  // The engine's namespace has no interface but loopback.
  expect(await hubAnswers(docker, "busybox:1.37.0-musl")).toBe(false);
});
