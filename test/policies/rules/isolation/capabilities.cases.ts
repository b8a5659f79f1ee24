import { changed, goodStack, type RuleCases, unknown } from "../case.ts";

const redis = (props: Record<string, unknown>) => changed("redis", props);
const job = (props: Record<string, unknown>) => changed("prepare", props);
const adds = (name: string, ...list: unknown[]) => changed(name, { capabilities: { drops: ["ALL"], adds: list } });

export const capabilityCases: RuleCases[] = [
  {
    rule: "capabilities-dropped",
    breaks: {
      "none dropped": {
        stack: redis({ capabilities: undefined }),
        on: "app_redis",
        says: ["default capabilities", 'drops: ["ALL"]'],
      },
      "one dropped": {
        stack: redis({ capabilities: { drops: ["NET_RAW"] } }),
        on: "app_redis",
        says: ["default capabilities"],
      },
    },
    passes: {
      "in small letters": { stack: redis({ capabilities: { drops: ["all"] } }) },
      "all, beside something unknown": { stack: redis({ capabilities: { drops: [unknown, "ALL"] } }) },
    },
    absent: { stack: redis({ capabilities: {} }), verdict: "violation" },
    unknown: { stack: redis({ capabilities: { drops: [unknown] } }), path: "capabilities.drops" },
  },
  {
    rule: "capabilities-allowed",
    breaks: {
      SYS_ADMIN: {
        stack: adds("redis", "SYS_ADMIN"),
        on: "app_redis",
        says: ["capability SYS_ADMIN", "NET_BIND_SERVICE", "capabilities-allowed"],
      },
      "with its prefix": { stack: adds("redis", "CAP_SYS_PTRACE"), on: "app_redis", says: ["CAP_SYS_PTRACE"] },
      ALL: { stack: adds("redis", "ALL"), on: "app_redis", says: ["ALL"] },
      "what only a task may": { stack: adds("redis", "CHOWN"), on: "app_redis", says: ["CHOWN"] },
      "more than a task may": {
        stack: adds("prepare", "CHOWN", "SYS_MODULE"),
        on: "app_qdrant_prepare",
        says: ["SYS_MODULE", "for a task"],
      },
      "a task with a network": {
        stack: job({
          user: "1000:1000",
          readOnly: true,
          networkMode: "bridge",
          networksAdvanced: [{ name: "app_db" }],
        }),
        on: "app_qdrant_prepare",
        says: ["CAP_CHOWN"],
      },
    },
    passes: { "what Caddy needs": { stack: adds("redis", "cap_net_bind_service") } },
    absent: { stack: adds("redis"), verdict: "pass" },
    unknown: { stack: adds("redis", unknown), path: "capabilities.adds[0]" },
    configured: {
      "one more": {
        stack: adds("redis", "IPC_LOCK"),
        config: { "capabilities-allowed": { allowed: ["IPC_LOCK", "NET_BIND_SERVICE"] } },
        verdict: "pass",
      },
      "none for tasks": { stack: goodStack(), config: { "capabilities-allowed": { task: [] } }, verdict: "violation" },
    },
  },
  {
    rule: "no-new-privileges",
    breaks: {
      "not set": {
        stack: redis({ securityOpts: [] }),
        on: "app_redis",
        says: ["setuid", 'securityOpts: ["no-new-privileges"]'],
      },
      "set, and taken back": {
        stack: redis({ securityOpts: ["no-new-privileges:true", "no-new-privileges=false"] }),
        on: "app_redis",
        says: ["setuid"],
      },
      "set to false": {
        stack: redis({ securityOpts: ["no-new-privileges:false"] }),
        on: "app_redis",
        says: ["setuid"],
      },
    },
    passes: {
      "taken back and set again": {
        stack: redis({ securityOpts: ["no-new-privileges:false", "no-new-privileges:true"] }),
      },
      "with a colon": { stack: redis({ securityOpts: ["no-new-privileges:true"] }) },
      "with an equals sign": { stack: redis({ securityOpts: ["no-new-privileges=true"] }) },
    },
    absent: { stack: redis({ securityOpts: undefined }), verdict: "violation" },
    unknown: { stack: redis({ securityOpts: [unknown] }), path: "securityOpts" },
  },
  {
    rule: "kernel-confined",
    breaks: Object.fromEntries(
      [
        "seccomp=unconfined",
        "seccomp:unconfined",
        "apparmor=unconfined",
        "apparmor:unconfined",
        "label=disable",
        "label:disable",
        "systempaths=unconfined",
        "label=type:spc_t",
        "label:type:spc_t",
        "label=type:container_runtime_t",
        "label=type:unconfined_t",
      ].map((option) => [
        option,
        { stack: redis({ securityOpts: ["no-new-privileges", option] }), on: "app_redis", says: [`(${option})`] },
      ]),
    ),
    passes: {
      "a profile of one's own": {
        stack: redis({
          securityOpts: ["no-new-privileges", "seccomp=/etc/p.json", "apparmor=mine", "label=type:container_t"],
        }),
      },
    },
    absent: { stack: goodStack(), verdict: "pass" },
    unknown: { stack: redis({ securityOpts: ["no-new-privileges", unknown] }), path: "securityOpts[1]" },
  },
];
