import { changed, goodStack, type RuleCases, unknown } from "../case.ts";

const redis = (props: Record<string, unknown>) => changed("redis", props);
const qdrant = (props: Record<string, unknown>) => changed("qdrant", props);

export const availabilityCases: RuleCases[] = [
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
    passes: { always: { stack: redis({ restart: "always" }) }, "a task": { stack: goodStack() } },
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
    passes: { "a task without one": { stack: goodStack() } },
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
];
