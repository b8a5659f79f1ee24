// Data in directories of the user to whom Podman belongs.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { machineOfUser } from "../support/engines/user.ts";
import type { TestStack } from "../support/stack.ts";
import { asItsUser, onlyRedis, redis } from "./redis.ts";

/** Where user.sh lets the user's subordinate ids begin. */
const firstSubordinate = 200_000;

/** Tests whose they are, for the machine and for the user. @param stack without anything on any engine; and so afterwards */
export async function useDirectories(stack: TestStack): Promise<void> {
  const root = join(machineOfUser as string, "home/data");
  const data = join(root, "redis/data");
  await stack.configure({ services: onlyRedis, storage: { root } });
  await stack.mustUp();
  expect(await redis(stack, "podman", "SET kept yes")).toBe("OK");

  // 1 in the container is the first of them; 0 is the user.
  const { uid, gid } = await stat(data);
  expect({ uid, gid }).toEqual({ uid: firstSubordinate + 999, gid: firstSubordinate + 999 });
  expect(await asItsUser("podman", "unshare", "ls", "-ln", data)).toMatch(/ 1000 +1000 .*appendonlydir/);
  await expect(asItsUser("ls", data)).rejects.toThrow("Permission denied");
  await asItsUser("podman", "unshare", "cp", "-r", data, join(root, "copy"));
  expect(await asItsUser("ls", join(root, "copy"))).toContain("appendonlydir");
  const again = await stack.up("--refresh", "--expect-no-changes");
  expect(again.exitCode, again.all).toBe(0);

  const gone = await stack.xnai(["destroy", "--yes", "--data"]);
  expect(gone.exitCode, gone.all).toBe(0);
  await stack.configure({ storage: undefined });
}
