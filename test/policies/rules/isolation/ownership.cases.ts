import { changed, goodStack, type RuleCases, unknown } from "../case.ts";

const redis = (props: Record<string, unknown>) => changed("redis", props);
const job = (props: Record<string, unknown>) => changed("prepare", props);
const adds = (name: string, ...list: unknown[]) => changed(name, { capabilities: { drops: ["ALL"], adds: list } });
const qdrantData = (more = {}) => ({ volumeName: "app_qdrant_data", containerPath: "/qdrant/storage", ...more });

export const ownershipCases: RuleCases[] = [
  {
    rule: "writable-mount-owned",
    breaks: {
      "another user": {
        stack: changed("qdrant", { user: "1001:1001" }),
        on: "app_qdrant",
        says: [
          "runs as 1001:1001 and writes to app_qdrant_data, which belongs to 1000:1000",
          "prepared by app_qdrant_prepare",
        ],
      },
      "another group": { stack: changed("qdrant", { user: "1000:1001" }), on: "app_qdrant", says: ["1000:1001"] },
      "a task for somebody else": {
        stack: job({
          labels: [
            { label: "io.xnai.service", value: "qdrant" },
            { label: "io.xnai.owner", value: "1001:1001" },
          ],
        }),
        on: "app_qdrant",
        says: ["belongs to 1001:1001"],
      },
      "a task that says nothing": {
        stack: job({ labels: [{ label: "io.xnai.service", value: "qdrant" }] }),
        on: "app_qdrant",
        says: ["nothing makes that belong to 1000:1000", "io.xnai.owner=1000:1000"],
      },
      "a task that may not chown": { stack: adds("prepare", "FOWNER"), on: "app_qdrant", says: ["nothing makes"] },
      "a task that only reads it": {
        stack: job({ volumes: [qdrantData({ readOnly: true })] }),
        on: "app_qdrant",
        says: ["nothing makes"],
      },
      "no task": {
        stack: goodStack().filter(({ name }) => name !== "prepare"),
        on: "app_qdrant",
        says: ["nothing makes"],
      },
      "a host directory": {
        stack: redis({ volumes: [{ hostPath: "/srv/redis", containerPath: "/data" }], destroyGraceSeconds: 30 }),
        on: "app_redis",
        says: ["/srv/redis"],
      },
    },
    passes: {
      "a host directory that a task prepares": {
        stack: redis({ volumes: [{ hostPath: "/srv/x/redis", containerPath: "/data" }], destroyGraceSeconds: 30 }).map(
          (each) =>
            each.name === "prepare"
              ? {
                  ...each,
                  props: {
                    ...(each.props as object),
                    volumes: [qdrantData(), { hostPath: "/srv/x", containerPath: "/x" }],
                  },
                }
              : each,
        ),
      },
      "the user without its group": { stack: changed("qdrant", { user: "1000" }) },
      "a read-only mount": { stack: redis({ volumes: [qdrantData({ readOnly: true })] }) },
    },
    absent: { stack: changed("qdrant", { volumes: undefined }), verdict: "pass" },
    unknown: { stack: changed("qdrant", { user: unknown }), path: "user" },
    configured: {
      "known to be right": {
        stack: goodStack().filter(({ name }) => name !== "prepare"),
        config: { "writable-mount-owned": { trusted: ["app_qdrant_data"] } },
        verdict: "pass",
      },
    },
  },
];
