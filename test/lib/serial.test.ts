import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { serialQueue } from "../../lib/serial.ts";

it("runs one after the other, in order, whatever the one before came to", async () => {
  const queue = serialQueue();
  const events: string[] = [];
  const work = (name: string, ms: number) => async () => {
    events.push(`${name} starts`);
    await sleep(ms);
    events.push(`${name} ends`);
    if (name === "a") throw new Error("a broke");
    return name;
  };
  const [a, b, c] = await Promise.allSettled([queue(work("a", 20)), queue(work("b", 1)), queue(work("c", 1))]);
  expect(events).toEqual(["a starts", "a ends", "b starts", "b ends", "c starts", "c ends"]);
  expect([a?.status, b, c]).toMatchObject(["rejected", { value: "b" }, { value: "c" }]);
});

it("keeps two queues apart", async () => {
  const [one, other] = [serialQueue(), serialQueue()];
  const never = one(() => new Promise(() => {}));
  expect(await Promise.race([never, other(async () => "done")])).toBe("done");
});
