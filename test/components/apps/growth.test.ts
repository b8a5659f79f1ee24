// What apps make of a stack grows with them, not with their square: counted in resources and in what these say, not in seconds
// (those: npm run bench -- --only apps).
import { expect, it } from "vitest";
import type { Lock } from "../../../components/apps/lock.ts";
import { parseConfig } from "../../../components/config/parse.ts";
import { reference } from "../../support/reference.ts";
import { stackWithApps } from "../../support/whole-stacks.ts";

const image = "localhost/rag:latest";
const lock: Lock = {
  images: { [image]: { id: `sha256:${"0".repeat(63)}1`, entrypoint: [], command: ["run"], user: "", volumes: [] } },
};

/** How many resources there are with so many apps, and how long everything is that they say. */
async function sizeWith(count: number): Promise<{ resources: number; length: number }> {
  const app = (path: string) => ({
    image,
    health: { tcp: 8000 },
    route: { path, port: 8000 },
    env: { REDIS_URL: reference("redis.url") },
    uses: ["consul"],
    data: { kept: "/kept" },
    limits: { memoryMiB: 16 },
  });
  const names = Array.from({ length: count }, (_, i) => `app${i + 100}`);
  const config = parseConfig({ apps: Object.fromEntries(names.map((name) => [name, app(`/${name}`)])) }, "here", lock);
  const { all } = await stackWithApps(config);
  return { resources: all.length, length: JSON.stringify(all.map(({ inputs }) => inputs)).length };
}

it("twice as many apps add twice as much", async () => {
  const [few, some, many] = [await sizeWith(10), await sizeWith(20), await sizeWith(40)];
  expect(many.resources - some.resources).toBe(2 * (some.resources - few.resources));
  expect((many.length - some.length) / (some.length - few.length)).toBeCloseTo(2, 1);
});
