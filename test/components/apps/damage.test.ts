// What apps say that cannot live in their container as it is, and the line of the configuration that is named for it.
import { expect, test } from "vitest";
import { appDamage } from "../../../components/apps/damage.ts";
import { damageIn } from "../../../components/definition/damage.ts";

test.each([
  ["OSError: [Errno 30] Read-only file system: '/app/.files'", "writable"],
  ['error: failed switching to "app": operation not permitted (setgroups)', "entrypoint"],
  ["chown: /data: Operation not permitted, EPERM", "entrypoint"],
  ["RuntimeError: unable to allocate shared memory (shm): insufficient shared memory (shm)", "shmMiB"],
  ["OSError: [Errno 28] No space left on device: '/dev/shm/psm_1'", "shmMiB"],
  ["PermissionError: [Errno 13] Permission denied: '/data/x'", "mounts"],
])("%s", (line, key) => {
  expect(damageIn([line], appDamage("rag"))?.fix).toContain(`xnai:apps.rag.${key}`);
});
