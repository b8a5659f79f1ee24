// What the policy pack adds to a preview of more and more containers: a straight line, or not.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { goodContainer } from "../policies/support/stack.ts";
import { seconds } from "./measure.ts";
import { pulumiEnv, type Subject } from "./part.ts";
import { newProgram } from "./programs.ts";
import type { Found, Grown } from "./report/figures.ts";

const sizes = [10, 50, 200];

/** Each preview is a long one. */
const mostRounds = 3;

/** So many containers that no rule objects to, on one network. */
const program = (count: number) => `
import * as docker from "@pulumi/docker";
Reflect.deleteProperty(Error, "prepareStackTrace");
const args = ${JSON.stringify(goodContainer("redis", "app_network"))};
new docker.RemoteImage("image", { name: args.image, keepLocally: true });
for (let i = 0; i < ${count}; i++) new docker.Container("c" + i, { ...args, name: "c" + i });
`;

/** Asks nothing of the stack. */
export async function growth({ stack, rounds, keep }: Subject): Promise<Found> {
  const pack = ["--policy-pack", join(stack.folder, "policies")];
  const env = await pulumiEnv(stack);
  const growth: Record<string, Grown> = {};
  for (const size of sizes) {
    const { folder, env: own } = await newProgram(env, program(size));
    const preview = (...args: string[]) =>
      seconds(() => execa("pulumi", ["preview", "--stack", "dev", ...args], { cwd: folder, env: own }));
    const grown: Grown = { without: [], adds: [] };
    for (let round = 0; round < Math.min(rounds, mostRounds); round++) {
      const without = await preview();
      grown.without.push(without);
      grown.adds.push((await preview(...pack)) - without);
    }
    await rm(folder, { recursive: true });
    growth[size] = grown;
    keep({ growth });
  }
  return { growth };
}
