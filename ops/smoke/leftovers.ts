// What a run that was killed has left in Vikunja and Qdrant. In Redis and Consul it goes by itself.
import { say } from "../../lib/progress.ts";
import { isLeftover } from "./names.ts";
import type { Bus, Step } from "./step.ts";

type Of = Pick<Bus, "vikunja" | "qdrant">;

const sweepers: Record<string, (bus: Of) => Promise<string[]>> = {
  vikunja: async (bus) => {
    const vikunja = await bus.vikunja();
    const left = (await vikunja.projects("xnai-smoke-")).filter(({ title }) => isLeftover(title, Date.now()));
    for (const { id } of left) await vikunja.deleteProject(id);
    return left.map(({ title }) => `Vikunja project ${title}`);
  },
  qdrant: async ({ qdrant }) => {
    const { result } = await qdrant.must<{ result: { collections: { name: string }[] } }>("GET", "/collections");
    const left = result.collections.map(({ name }) => name).filter((name) => isLeftover(name, Date.now()));
    for (const name of left) await qdrant.must("DELETE", `/collections/${name}`);
    return left.map((name) => `Qdrant collection ${name}`);
  },
};

/** Removes it, and says so. A service that does not answer is for the steps to tell of. */
export async function removeLeftovers(steps: readonly Step[], bus: Of): Promise<void> {
  for (const service of new Set(steps.map((step) => step.service))) {
    const left = (await sweepers[service]?.(bus).catch(() => [])) ?? [];
    for (const what of left) say(`removed what an earlier run has left: ${what}`);
  }
}
