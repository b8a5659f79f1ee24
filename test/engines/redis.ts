// A stack with nothing but Redis, of the machine's user.
import { execa } from "execa";
import { asUser, machineOfUser } from "../support/engines/user.ts";
import type { TestStack } from "../support/stack.ts";

/** For the key `services`. */
export const onlyRedis = { caddy: false, consul: false, qdrant: false, vikunja: false, postgres: false };

/** What Redis answers to a command, asked in its container. */
export async function redis(stack: TestStack, client: "docker" | "podman", command: string): Promise<string> {
  const { redisPassword } = await stack.outputs();
  const words = ["exec", `--env=REDISCLI_AUTH=${redisPassword}`, "xnai_redis", "redis-cli", ...command.split(" ")];
  return asItsUser(client, ...words);
}

/** What a command of the machine's user prints. */
export async function asItsUser(...command: string[]): Promise<string> {
  const [program, ...args] = asUser(machineOfUser as string, command);
  return (await execa(program, args)).stdout;
}
