// What the policy pack adds to a preview of more and more containers: a straight line, or not.
import { rm } from "node:fs/promises";
import { execa } from "execa";
import { table } from "../../lib/table.ts";
import { goodContainer } from "../policies/support/stack.ts";
import { median, seconds } from "./measure.ts";
import type { Result } from "./part.ts";
import { newProgram } from "./programs.ts";

const sizes = [25, 50, 100, 200, 400];

/** So many containers that no rule objects to, on one network. */
const program = (count: number) => `
import * as docker from "@pulumi/docker";
Reflect.deleteProperty(Error, "prepareStackTrace");
const args = ${JSON.stringify(goodContainer("redis", "app_network"))};
new docker.RemoteImage("image", { name: args.image, keepLocally: true });
for (let i = 0; i < ${count}; i++) new docker.Container("c" + i, { ...args, name: "c" + i });
`;

/** Seconds that the pack adds, in all and for each container. @param pack its folder */
export async function growth(env: Record<string, string>, pack: string, rounds: number): Promise<Result> {
  const rows: string[][] = [];
  const figures: Record<string, object> = {};
  for (const size of sizes) {
    const { folder, env: own } = await newProgram(env, program(size));
    const preview = (...args: string[]) =>
      seconds(() => execa("pulumi", ["preview", "--stack", "dev", ...args], { cwd: folder, env: own }));
    const [without, adds]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      const bare = await preview();
      without.push(bare);
      adds.push((await preview("--policy-pack", pack)) - bare);
    }
    await rm(folder, { recursive: true });
    const extra = median(adds);
    const spread = `${Math.min(...adds).toFixed(2)}-${Math.max(...adds).toFixed(2)}`;
    figures[size] = { without, adds };
    rows.push([`${size}`, median(without).toFixed(2), extra.toFixed(2), spread, ((extra * 1000) / size).toFixed(1)]);
  }
  const head = ["containers", "preview s", "policies add s", "min-max", "ms a container"];
  return { table: table(head, rows), figures };
}
