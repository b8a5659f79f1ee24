// A stack with data moves from Docker to its user's own Podman on the same machine.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { execa } from "execa";
import { expect } from "vitest";
import { user } from "../support/engines/catalogue.ts";
import { asUser, machineOfUser } from "../support/engines/user.ts";
import { eventually } from "../support/neighbour.ts";
import { shellBlock } from "../support/page-blocks.ts";
import type { TestStack } from "../support/stack.ts";
import { onlyRedis, redis } from "./redis.ts";

const volume = "xnai_redis_data";

/** Tests whether its data comes along, and that the stack does not start without. @param stack without anything on any engine */
export async function moveFromDocker(stack: TestStack): Promise<void> {
  const script = join(import.meta.dirname, "../support/engines/docker.sh");
  const dockerd = spawn("bash", [script, "--group", user.name], { stdio: "ignore" });
  try {
    await eventually(
      60,
      () => execa("docker", ["version"], { env: { DOCKER_HOST: "" } }),
      () => true,
    );
    await stack.configure({ services: onlyRedis, engine: undefined });
    await stack.mustUp();
    expect(await redis(stack, "docker", "SET kept yes")).toBe("OK");

    const asked = await stack.up("--engine", "podman");
    expect(asked.exitCode, asked.all).toBe(3);
    expect(asked.all).toContain(
      "This stack and its data are on Docker, and on Podman (--engine podman) it would start empty",
    );

    const [letGo = "", copy = ""] = shellBlock("moving.md", "podman volume import").split(/(?<=\n)(?=for )/);
    expect(letGo).toContain("npm run destroy");
    const gone = await stack.xnai(["destroy", "--yes"]);
    expect(gone.exitCode, gone.all).toBe(0);
    await stack.configure({ engine: { kind: "podman", rootless: true } });
    const tooEarly = await stack.up();
    expect(tooEarly.exitCode, tooEarly.all).not.toBe(0);
    expect(tooEarly.all).toContain(volume);
    expect((await stack.docker.listVolumes()).Volumes.map(({ Name }) => Name)).toEqual([]);

    await asRoot(copy);
    await stack.mustUp();
    expect(await redis(stack, "podman", "GET kept")).toBe("yes");
    const again = await stack.up("--refresh", "--expect-no-changes");
    expect(again.exitCode, again.all).toBe(0);
  } finally {
    dockerd.kill();
  }
}

/** As somebody who may do everything on the Docker side, and is the user on the other. */
async function asRoot(script: string): Promise<void> {
  const podman = asUser(machineOfUser as string, ["podman"]).map((each) => `'${each}'`);
  const functions = `sudo() { "$@"; }; podman() { ${podman.join(" ")} "$@"; }`;
  await execa("bash", ["-euo", "pipefail", "-c", `${functions}\n${script}`], { env: { DOCKER_HOST: "" } });
}
