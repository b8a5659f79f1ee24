// After a reboot of a machine where Podman is its user's own, the stack is back by itself. Run on the machine below, which the other
// one is started from twice.
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { user } from "../support/engines/catalogue.ts";
import { addUser, newFolder, startSystemd, type TestMachine } from "../support/engines/machine.ts";
import { debian } from "../support/engines/system.ts";
import { asUser, checkoutOfUser, giveToUser } from "../support/engines/user.ts";
import { eventually } from "../support/neighbour.ts";
import { shellBlock } from "../support/page-blocks.ts";
import { cloneCheckout } from "../support/stack.ts";
import { steps } from "./steps.ts";

let machine: TestMachine;
let stack: string;

async function root(...command: string[]) {
  const [program, ...args] = machine.command(...command);
  const { exitCode, stdout, all } = await execa(program, args, { all: true, reject: false });
  return { exitCode, stdout, all };
}
const asItsUser = (...command: string[]) => root(...asUser(machine.folder, command));
const xnai = (...args: string[]) => asItsUser("env", "-C", stack, "NO_COLOR=1", "node", "ops/xnai.mjs", ...args);

async function redis(command: string) {
  const password = /^redisPassword=(.*)$/m.exec((await xnai("credentials", "--plain")).stdout)?.[1];
  return asItsUser(
    "podman",
    "exec",
    `--env=REDISCLI_AUTH=${password}`,
    "xnai_redis",
    "redis-cli",
    ...command.split(" "),
  );
}

async function boot(folder: string): Promise<void> {
  machine = await startSystemd(folder, await debian(console.error));
  await eventually(
    120,
    () => root("systemctl", "is-system-running"),
    ({ stdout }) => ["running", "degraded"].includes(stdout),
  );
  await addUser(machine);
  // A network as any machine has one.
  await root("ip", "link", "add", "lan", "type", "veth", "peer", "name", "far");
  await root("ip", "address", "add", "10.99.0.1/30", "dev", "lan");
  for (const end of ["lan", "far"]) await root("ip", "link", "set", end, "up");
  await root("ip", "route", "add", "default", "via", "10.99.0.2");
}

beforeAll(async () => {
  await boot(await newFolder());
  stack = await cloneCheckout("reboot", {
    below: join(machine.folder, "tmp"),
    modules: join(checkoutOfUser(machine.folder), "node_modules"),
  });
  await writeFile(join(stack, "Pulumi.dev.yaml"), "config:\n  xnai:images:\n    source: local\n");
  await giveToUser(join(stack, ".."));
}, 300_000);
afterAll(async () => {
  await machine?.stop();
  await rm(machine?.folder ?? "", { recursive: true, force: true });
});

test(steps.reboot, async () => {
  // As podman.md has it; its second line needs a log-in, or root.
  const [enable = ""] = shellBlock("podman.md", "loginctl enable-linger").split("\n");
  expect((await root("loginctl", "enable-linger", user.name)).exitCode).toBe(0);
  await eventually(
    60,
    () => asItsUser("sh", "-c", enable),
    ({ exitCode }) => exitCode === 0,
  );
  const up = await xnai("up", "--yes");
  expect(up.exitCode, up.all).toBe(0);
  expect((await redis("SET kept yes")).stdout).toContain("OK");

  await root("systemctl", "poweroff");
  await machine.ended();
  await boot(machine.folder);
  const status = await eventually(
    180,
    () => xnai("status"),
    ({ exitCode }) => exitCode === 0,
  );
  expect(status.exitCode, status.all).toBe(0);
  expect((await redis("GET kept")).stdout).toContain("yes");
  const again = await xnai("up", "--yes", "--expect-no-changes");
  expect(again.exitCode, again.all).toBe(0);
});
