import { changed, goodStack, type RuleCases, unknown } from "../case.ts";

const redis = (props: Record<string, unknown>) => changed("redis", props);

export const limitCases: RuleCases[] = [
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
      "the first processor": { stack: redis({ cpus: undefined, cpuSet: "0" }) },
      "some processors": { stack: redis({ cpus: undefined, cpuSet: "0-1" }) },
    },
    absent: { stack: redis({ cpus: undefined }), verdict: "violation" },
    unknown: { stack: redis({ cpus: unknown }), path: "cpus" },
  },
  {
    rule: "ulimits-set",
    breaks: {
      none: { stack: redis({ ulimits: undefined }), on: "app_redis", says: ["no limit for nofile", 'name: "nofile"'] },
      another: {
        stack: redis({ ulimits: [{ name: "core", soft: 1, hard: 1 }] }),
        on: "app_redis",
        says: ["no limit for nofile"],
      },
    },
    absent: { stack: redis({ ulimits: undefined }), verdict: "violation" },
    unknown: {
      stack: redis({
        ulimits: [{ name: unknown, soft: 1, hard: 1 }],
      }),
      path: "ulimits",
    },
    configured: {
      "core dumps, too": {
        stack: goodStack(),
        config: { "ulimits-set": { names: ["nofile", "core"] } },
        verdict: "violation",
      },
    },
  },
  {
    rule: "pids-limited",
    breaks: {
      "nobody sets one": {
        stack: goodStack().filter(({ name }) => name !== "redis-ready"),
        on: "app_redis",
        says: ["any number of processes", "docker update --pids-limit 1024 app_redis"],
      },
      "none after all": {
        stack: changed("redis-ready", { keepers: { containerName: "app_redis", pids: "-1" } }),
        on: "app_redis",
        says: ["any number of processes"],
      },
    },
    absent: { stack: goodStack().filter(({ name }) => name !== "redis-ready"), verdict: "violation" },
    unknown: {
      stack: changed("redis-ready", { keepers: { containerName: "app_redis", pids: unknown } }),
      path: "pids",
    },
  },
];
