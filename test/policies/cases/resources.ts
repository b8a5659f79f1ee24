import { changed, goodStack, type RuleCases, unknown } from "./case.ts";

const redis = (props: Record<string, unknown>) => changed("redis", props);
const qdrant = (props: Record<string, unknown>) => changed("qdrant", props);
const volume = (retained: boolean | undefined, props: Record<string, unknown> = {}) =>
  goodStack().map((each) =>
    each.name === "data" ? { ...each, retained, props: { ...(each.props as object), ...props } } : each,
  );

export const resourceCases: RuleCases[] = [
  {
    rule: "memory-limited",
    breaks: {
      "no limit": {
        stack: redis({ memory: undefined, memorySwap: undefined }),
        on: "app_redis",
        says: ["all memory", "memory: 512, memorySwap: 512"],
      },
      zero: { stack: redis({ memory: 0 }), on: "app_redis", says: ["all memory"] },
      "no limit on swap": { stack: redis({ memorySwap: -1 }), on: "app_redis", says: ["all swap"] },
    },
    passes: { "swap by the engine's default": { stack: redis({ memorySwap: undefined }) } },
    absent: { stack: redis({ memory: undefined }), verdict: "violation" },
    unknown: { stack: redis({ memory: unknown }), path: "memory" },
  },
  {
    rule: "cpu-limited",
    breaks: {
      "no limit": { stack: redis({ cpus: undefined }), on: "app_redis", says: ["every processor", 'cpus: "1.0"'] },
      zero: { stack: redis({ cpus: "0" }), on: "app_redis", says: ["every processor"] },
    },
    passes: {
      shares: { stack: redis({ cpus: undefined, cpuShares: 512 }) },
      quota: { stack: redis({ cpus: undefined, cpuQuota: 50000 }) },
      "some processors": { stack: redis({ cpus: undefined, cpuSet: "0-1" }) },
    },
    absent: { stack: redis({ cpus: undefined }), verdict: "violation" },
    unknown: { stack: redis({ cpus: unknown }), path: "cpus" },
  },
  {
    rule: "ulimits-set",
    breaks: {
      none: { stack: redis({ ulimits: undefined }), on: "app_redis", says: ["nofile and nproc", 'name: "nproc"'] },
      "one of two": {
        stack: redis({ ulimits: [{ name: "nofile", soft: 1, hard: 1 }] }),
        on: "app_redis",
        says: ["no limit for nproc"],
      },
    },
    absent: { stack: redis({ ulimits: undefined }), verdict: "violation" },
    unknown: {
      stack: redis({
        ulimits: [
          { name: "nofile", soft: 1, hard: 1 },
          { name: unknown, soft: 1, hard: 1 },
        ],
      }),
      path: "ulimits",
    },
    configured: {
      "open files only": {
        stack: redis({ ulimits: [{ name: "nofile", soft: 1, hard: 1 }] }),
        config: { "ulimits-set": { names: ["nofile"] } },
        verdict: "pass",
      },
    },
  },
  {
    rule: "restart-policy",
    breaks: {
      no: {
        stack: redis({ restart: "no" }),
        on: "app_redis",
        says: ['restart policy "no"', 'restart: "unless-stopped"'],
      },
      "on-failure, which is not allowed": {
        stack: redis({ restart: "on-failure" }),
        on: "app_redis",
        says: ["on-failure"],
      },
      "on-failure without an end": {
        stack: redis({ restart: "on-failure" }),
        config: { "restart-policy": { allowed: ["on-failure", "unless-stopped"] } },
        on: "app_redis",
        says: ["any number of", "at most 5"],
      },
      "on-failure too often": {
        stack: redis({ restart: "on-failure", maxRetryCount: 9 }),
        config: { "restart-policy": { allowed: ["on-failure", "unless-stopped"] } },
        on: "app_redis",
        says: ["9 times"],
      },
    },
    passes: { always: { stack: redis({ restart: "always" }) }, "a Job": { stack: goodStack() } },
    absent: { stack: redis({ restart: undefined }), verdict: "violation" },
    unknown: { stack: redis({ restart: unknown }), path: "restart" },
    configured: {
      "as CIS has it": {
        stack: redis({ restart: "on-failure", maxRetryCount: 5 }),
        config: { "restart-policy": { allowed: ["on-failure", "unless-stopped"] } },
        verdict: "pass",
      },
      "nine attempts": {
        stack: redis({ restart: "on-failure", maxRetryCount: 9 }),
        config: { "restart-policy": { allowed: ["on-failure", "unless-stopped"], maxRetries: 9 } },
        verdict: "pass",
      },
      "as Compose writes it": {
        stack: redis({ restart: "on-failure:3" }),
        config: { "restart-policy": { allowed: ["on-failure", "unless-stopped"] } },
        verdict: "pass",
      },
    },
  },
  {
    rule: "health-checked",
    breaks: {
      none: {
        stack: redis({ healthcheck: undefined }),
        on: "app_redis",
        says: ["no health check", "healthcheck: { tests"],
      },
      "switched off": {
        stack: redis({ healthcheck: { tests: ["NONE"] } }),
        on: "app_redis",
        says: ["switches its health check off"],
      },
      empty: { stack: redis({ healthcheck: { tests: [] } }), on: "app_redis", says: ["no health check"] },
    },
    passes: { "a Job without one": { stack: goodStack() } },
    absent: { stack: redis({ healthcheck: {} }), verdict: "violation" },
    unknown: { stack: redis({ healthcheck: { tests: unknown } }), path: "healthcheck.tests" },
  },
  {
    rule: "health-check-runs",
    breaks: {
      "curl in Qdrant": {
        stack: qdrant({ healthcheck: { tests: ["CMD", "curl", "-f", "http://localhost:6333/healthz"] } }),
        on: "app_qdrant",
        says: ["calls curl"],
      },
      "by its path": {
        stack: qdrant({ healthcheck: { tests: ["CMD", "/usr/bin/wget", "http://localhost"] } }),
        on: "app_qdrant",
        says: ["calls wget"],
      },
      "in a shell": {
        stack: qdrant({ healthcheck: { tests: ["CMD-SHELL", "curl -f http://localhost || exit 1"] } }),
        on: "app_qdrant",
        says: ["calls curl"],
      },
    },
    passes: {
      "bash in Qdrant": {
        stack: qdrant({ healthcheck: { tests: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/6333"] } }),
      },
      "wget in Caddy": {
        stack: changed("caddy", { healthcheck: { tests: ["CMD", "wget", "-q", "http://127.0.0.1:8000/"] } }),
      },
    },
    absent: { stack: changed("prepare", { healthcheck: undefined }), verdict: "pass" },
    unknown: { stack: qdrant({ healthcheck: { tests: ["CMD", unknown] } }), path: "healthcheck.tests[1]" },
    configured: {
      "an image of one's own that has it": {
        stack: qdrant({ healthcheck: { tests: ["CMD", "curl", "http://localhost"] } }),
        config: { settings: { products: [{ id: "qdrant", title: "Qdrant with curl", images: ["qdrant"] }] } },
        verdict: "pass",
      },
    },
  },
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
