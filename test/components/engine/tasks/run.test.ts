// A container that runs to its end, and the program that waits for it.
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";

test("a program with nothing else to do waits until the container has ended", async () => {
  const { stdout, stderr } = await execa(process.execPath, [join(import.meta.dirname, "run-alone.ts")], {
    reject: false,
  });
  expect(stdout, stderr).toBe("ended, asked 4 times");
});
