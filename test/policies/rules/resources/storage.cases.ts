import { changed, goodStack, type RuleCases, unknown } from "../case.ts";

const redis = (props: Record<string, unknown>) => changed("redis", props);
const qdrant = (props: Record<string, unknown>) => changed("qdrant", props);
const volume = (retained: boolean | undefined, props: Record<string, unknown> = {}) =>
  goodStack().map((each) =>
    each.name === "data" ? { ...each, retained, props: { ...(each.props as object), ...props } } : each,
  );

export const storageCases: RuleCases[] = [
  {
    rule: "logs-bounded",
    breaks: {
      "no size": {
        stack: redis({ logOpts: undefined }),
        on: "app_redis",
        says: ["without a limit", '"max-size": "10m"'],
      },
      "the engine's defaults": {
        stack: redis({ logDriver: undefined, logOpts: undefined }),
        on: "app_redis",
        says: ["without a limit"],
      },
      unlimited: { stack: redis({ logOpts: { "max-size": "-1" } }), on: "app_redis", says: ["without a limit"] },
      "to somebody else": {
        stack: redis({ logDriver: "gelf" }),
        on: "app_redis",
        says: ["sends its logs through gelf"],
      },
      nowhere: { stack: redis({ logDriver: "none", logOpts: undefined }), on: "app_redis", says: ["keeps no logs"] },
      "to a cloud": { stack: redis({ logDriver: "awslogs" }), on: "app_redis", says: ["awslogs"] },
    },
    passes: {
      local: { stack: redis({ logDriver: "local", logOpts: undefined }) },
      journald: { stack: redis({ logDriver: "journald", logOpts: undefined }) },
    },
    absent: { stack: redis({ logDriver: undefined, logOpts: {} }), verdict: "violation" },
    unknown: { stack: redis({ logOpts: { "max-size": unknown } }), path: "logOpts.max-size" },
    configured: {
      "a driver that is meant": {
        stack: redis({ logDriver: "syslog" }),
        config: { "logs-bounded": { drivers: ["syslog"] } },
        verdict: "pass",
      },
      "no logs, which is meant": {
        stack: redis({ logDriver: "none" }),
        config: { "logs-bounded": { drivers: ["none"] } },
        verdict: "pass",
      },
    },
  },
  {
    rule: "volume-retained",
    breaks: {
      "deleted with the stack": {
        stack: volume(false),
        on: "app_qdrant_data",
        says: ["deleted with its stack", "retainOnDelete: true"],
      },
    },
    passes: {
      "where nobody tells": { stack: volume(undefined) },
      "a volume of configuration": { stack: volume(false, { labels: [{ label: "io.xnai.role", value: "config" }] }) },
    },
    absent: { stack: volume(undefined), verdict: "pass" },
    unknown: { stack: volume(false, { labels: [{ label: "io.xnai.role", value: unknown }] }), path: "labels" },
    configured: {
      "a volume that can be made again": {
        stack: volume(false),
        config: { "volume-retained": { disposable: ["app_qdrant_data"] } },
        verdict: "pass",
      },
    },
  },
  {
    rule: "stops-gracefully",
    breaks: {
      "killed at once": {
        stack: qdrant({ destroyGraceSeconds: undefined }),
        on: "app_qdrant",
        says: ["killed after 0 s", "destroyGraceSeconds: 30"],
      },
      "only by stopTimeout, which does not count": {
        stack: qdrant({ destroyGraceSeconds: undefined, stopTimeout: 60 }),
        on: "app_qdrant",
        says: ["killed after 0 s"],
      },
      "hardly any time": { stack: qdrant({ destroyGraceSeconds: 1 }), on: "app_qdrant", says: ["killed after 1 s"] },
    },
    passes: { "one that writes nothing": { stack: redis({ destroyGraceSeconds: 0 }) } },
    absent: { stack: qdrant({ destroyGraceSeconds: undefined }), verdict: "violation" },
    unknown: { stack: qdrant({ destroyGraceSeconds: unknown }), path: "destroyGraceSeconds" },
    configured: {
      "more time for everybody": {
        stack: goodStack(),
        config: { "stops-gracefully": { seconds: 120 } },
        verdict: "violation",
      },
    },
  },
  {
    rule: "no-anonymous-volume",
    breaks: {
      "without a name": {
        stack: redis({ volumes: [{ containerPath: "/data" }] }),
        on: "app_redis",
        says: ["anonymous volume at /data", "volumeName"],
      },
      "as a mount": {
        stack: redis({ mounts: [{ type: "volume", target: "/data" }] }),
        on: "app_redis",
        says: ["anonymous volume at /data"],
      },
    },
    passes: { tmpfs: { stack: redis({ mounts: [{ type: "tmpfs", target: "/tmp" }] }) } },
    absent: { stack: redis({ volumes: undefined }), verdict: "pass" },
    unknown: {
      stack: redis({ volumes: [{ volumeName: unknown, containerPath: "/data", readOnly: true }] }),
      path: "volumes[0]",
    },
  },
];
