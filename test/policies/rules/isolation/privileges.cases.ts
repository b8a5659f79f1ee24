import { changed, goodStack, type RuleCases, unknown } from "../case.ts";

const redis = (props: Record<string, unknown>) => changed("redis", props);
const job = (props: Record<string, unknown>) => changed("prepare", props);

export const privilegeCases: RuleCases[] = [
  {
    rule: "not-privileged",
    breaks: {
      set: { stack: redis({ privileged: true }), on: "app_redis", says: ["is privileged", "Remove privileged"] },
    },
    passes: { "set to false": { stack: redis({ privileged: false }) } },
    absent: { stack: goodStack(), verdict: "pass" },
    unknown: { stack: redis({ privileged: unknown }), path: "privileged" },
  },
  {
    rule: "non-root-user",
    breaks: {
      "none named": {
        stack: redis({ user: undefined }),
        on: "app_redis",
        says: ["names no user", 'user: "1000:1000"'],
      },
      empty: { stack: redis({ user: "" }), on: "app_redis", says: ["names no user"] },
      root: { stack: redis({ user: "root" }), on: "app_redis", says: ["runs as root (root)"] },
      "0": { stack: redis({ user: "0" }), on: "app_redis", says: ["runs as root (0)"] },
      "0:1000": { stack: redis({ user: "0:1000" }), on: "app_redis", says: ["runs as root"] },
      "00": { stack: redis({ user: "00" }), on: "app_redis", says: ["runs as root"] },
      "root's group": { stack: redis({ user: "1000:0" }), on: "app_redis", says: ["root's group"] },
      "root's group by name": { stack: redis({ user: "1000:root" }), on: "app_redis", says: ["root's group"] },
      "a task with a network": {
        stack: job({
          readOnly: true,
          networkMode: "bridge",
          networksAdvanced: [{ name: "app_db" }],
          capabilities: { drops: ["ALL"] },
        }),
        config: { "writable-mount-owned": "disabled" },
        on: "app_qdrant_prepare",
        says: ["runs as root (0:0)", "take its network away"],
      },
      "a task that names no user": {
        stack: job({ user: undefined }),
        on: "app_qdrant_prepare",
        says: ["names no user"],
      },
    },
    passes: { "a number alone": { stack: redis({ user: "1000" }) }, "a name": { stack: redis({ user: "redis" }) } },
    absent: { stack: redis({ user: undefined }), verdict: "violation" },
    unknown: { stack: redis({ user: unknown }), path: "user" },
  },
  {
    rule: "read-only-root",
    breaks: {
      writable: {
        stack: redis({ readOnly: false }),
        on: "app_redis",
        says: ["can write to its root", "readOnly: true"],
      },
      "a task with a network": {
        stack: job({
          user: "1000:1000",
          networkMode: "bridge",
          networksAdvanced: [{ name: "app_db" }],
          capabilities: { drops: ["ALL"] },
        }),
        config: { "writable-mount-owned": "disabled" },
        on: "app_qdrant_prepare",
        says: ["can write to its root"],
      },
    },
    absent: { stack: redis({ readOnly: undefined }), verdict: "violation" },
    unknown: { stack: redis({ readOnly: unknown }), path: "readOnly" },
  },
  {
    rule: "tmpfs-not-executable",
    breaks: {
      exec: {
        stack: redis({ tmpfs: { "/tmp": "size=16m,exec" } }),
        on: "app_redis",
        says: ["has a tmpfs at /tmp with exec", 'Remove exec from tmpfs["/tmp"]'],
      },
      suid: { stack: redis({ tmpfs: { "/tmp": "suid" } }), on: "app_redis", says: ["with suid"] },
      both: {
        stack: redis({ tmpfs: { "/a": "", "/b": "rw, exec ,suid" } }),
        on: "app_redis",
        says: ["/b with exec and suid"],
      },
      "taken back": { stack: redis({ tmpfs: { "/tmp": "noexec,exec" } }), on: "app_redis", says: ["with exec"] },
    },
    passes: {
      "the engine's default": { stack: redis({ tmpfs: { "/tmp": "" } }) },
      "said twice": { stack: redis({ tmpfs: { "/tmp": "exec,suid,noexec,nosuid" } }) },
    },
    absent: { stack: redis({ tmpfs: undefined }), verdict: "pass" },
    unknown: { stack: redis({ tmpfs: { "/tmp": unknown } }), path: 'tmpfs["/tmp"]' },
  },
];
