import { changed, goodStack, type RuleCases, unknown } from "../case.ts";

const redis = (props: Record<string, unknown>) => changed("redis", props);
/** Mounts read-only, so that no rule about writing has a say. */
const mounts = (...list: object[]) => redis({ volumes: list.map((each) => ({ readOnly: true, ...each })) });
const bind = (hostPath: unknown, more = {}) => mounts({ hostPath, containerPath: "/in", ...more });
const qdrantData = (more = {}) => ({ volumeName: "app_qdrant_data", containerPath: "/qdrant/storage", ...more });

export const sharedMountCases: RuleCases[] = [
  {
    rule: "volume-written-by-one",
    breaks: {
      "two writers": {
        stack: redis({ volumes: [qdrantData()], destroyGraceSeconds: 30 }),
        on: "app_redis",
        says: ["app_qdrant_data, and so does app_qdrant", "read-only"],
      },
    },
    passes: {
      "one reads": { stack: redis({ volumes: [qdrantData({ readOnly: true })] }) },
      "a task writes too": { stack: goodStack() },
    },
    absent: { stack: redis({ volumes: undefined }), verdict: "pass" },
    unknown: { stack: redis({ volumes: [qdrantData({ readOnly: unknown })] }), path: "volumes[0].readOnly" },
  },
  {
    rule: "no-private-relabel",
    breaks: {
      "what another mounts too": {
        stack: redis({ volumes: [qdrantData({ readOnly: true, selinuxRelabel: "Z" })] }),
        on: "app_redis",
        says: ["(:Z)", "app_qdrant", 'selinuxRelabel: "z"'],
      },
      "what the system uses": {
        stack: bind("/etc/localtime", { selinuxRelabel: "Z" }),
        on: "app_redis",
        says: ["the system uses"],
      },
    },
    passes: {
      "its own": { stack: bind("/srv/redis", { selinuxRelabel: "Z" }) },
      "shared, as it should be": { stack: redis({ volumes: [qdrantData({ readOnly: true, selinuxRelabel: "z" })] }) },
    },
    absent: { stack: redis({ volumes: [qdrantData({ readOnly: true })] }), verdict: "pass" },
    unknown: { stack: bind("/srv/redis", { selinuxRelabel: unknown }), path: "volumes[0]" },
  },
];
