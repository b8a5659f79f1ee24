import { changed, goodStack, type RuleCases, unknown } from "../case.ts";

const redis = (ip: unknown) => changed("redis", { hosts: [{ host: "host.docker.internal", ip }] });

export const hostServiceCases: RuleCases[] = [
  {
    rule: "no-host-gateway",
    breaks: {
      "a name for the host": {
        stack: redis("host-gateway"),
        on: "app_redis",
        says: ["has a name for the host (host.docker.internal)", "Remove hosts[0]", "containers of no-host-gateway"],
      },
    },
    passes: { "another machine": { stack: redis("10.0.0.7") } },
    absent: { stack: goodStack(), verdict: "pass" },
    unknown: { stack: redis(unknown), path: "hosts[0]" },
    configured: {
      "for one that is meant to": {
        stack: redis("host-gateway"),
        config: { "no-host-gateway": { containers: ["app_redis"] } },
        verdict: "pass",
      },
    },
  },
];
