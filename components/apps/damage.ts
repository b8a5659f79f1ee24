// What an app says that cannot live in its container as it is, and the line of the configuration that helps.
import type { Damage } from "../definition/damage.ts";

/** @param name of the app */
export const appDamage = (name: string): readonly Damage[] => [
  {
    says: /EROFS|read-only file ?system/i,
    what: `${name} writes where its container is read-only`,
    fix: `Name the place that it says under xnai:apps.${name}.writable (in memory, gone with each start) or xnai:apps.${name}.data (kept).`,
  },
  {
    says: /(gosu|su-exec|setpriv|setgroups|setuid|setgid|initgroups|chown)\b.*(not permitted|EPERM)|operation not permitted.*\b(setgroups|setuid|setgid|chown)/i,
    what: `${name} starts with a script that changes users, which it may not`,
    fix: `It runs as the right user already: start the program itself, with xnai:apps.${name}.entrypoint and command.`,
  },
  {
    // PyTorch's workers; anything that writes there
    says: /insufficient shared memory|\/dev\/shm\b.*no space|no space.*\/dev\/shm\b/i,
    what: `${name} has too little shared memory`,
    fix: `Give it more than the 64 MiB of the engine, such as xnai:apps.${name}.shmMiB: 256; it counts against limits.memoryMiB.`,
  },
  {
    says: /EACCES|permission denied/i,
    what: `${name} may not read or write something that belongs to another user`,
    fix: `Name a place that it writes to under xnai:apps.${name}.data or writable; give it a directory of yours with own: true beside that one in xnai:apps.${name}.mounts; or give it the user that the image was made for, xnai:apps.${name}.user.`,
  },
];
