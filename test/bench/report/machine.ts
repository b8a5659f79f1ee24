// What a run of the bench was measured on.
import { availableParallelism, totalmem } from "node:os";
import { execa } from "execa";
import type { TestStack } from "../../support/stack.ts";
import { version as compose } from "../compose/tool.ts";
import { pulumiEnv } from "../part.ts";
import type { Figures } from "./figures.ts";

/** The day and the revision, the kind of machine and the versions. @param stack is up */
export async function measuredNow(stack: TestStack): Promise<Pick<Figures, "measured" | "machine">> {
  const here = { cwd: import.meta.dirname };
  const { stdout: revision } = await execa("git", ["rev-parse", "--short", "HEAD"], here);
  const { stdout: pulumi } = await execa("pulumi", ["version"], { env: await pulumiEnv(stack) });
  const { stdout: status } = await stack.xnai(["status", "--json"]);
  const services = JSON.parse(status) as { service: string; kind: string }[];
  return {
    measured: `${new Date().toISOString().slice(0, 10)}, revision ${revision}`,
    machine: {
      cores: availableParallelism(),
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      node: process.version,
      pulumi,
      docker: (await stack.docker.version()).Version,
      compose,
      standIns: services.filter(({ kind }) => kind === "stand-in").map(({ service }) => service),
    },
  };
}
