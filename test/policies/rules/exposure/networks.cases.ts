import { changed, goodStack, type RuleCases, resource, unknown } from "../case.ts";

const front = (props: object) => changed("front", props as Record<string, unknown>);
const masquerade = "com.docker.network.bridge.enable_ip_masquerade";

export const networkCases: RuleCases[] = [
  {
    rule: "network-named",
    breaks: {
      "no network": {
        stack: changed("postgres", { networksAdvanced: undefined, sysctls: { "net.ipv4.ip_default_ttl": "1" } }),
        on: "app_postgres",
        says: ["default bridge", "networksAdvanced"],
      },
      "the default one by its name": {
        stack: changed("postgres", { networksAdvanced: [{ name: "bridge" }] }),
        config: { "database-on-internal-network": "disabled" },
        on: "app_postgres",
        says: ["joins the engine's default bridge"],
      },
      "an empty list": {
        stack: changed("postgres", { networksAdvanced: [] }),
        on: "app_postgres",
        says: ["default bridge"],
      },
    },
    passes: {
      "no network at all": { stack: changed("postgres", { networksAdvanced: [], networkMode: "none" }) },
      "somebody else's": { stack: changed("postgres", { networksAdvanced: [], networkMode: "container:app_redis" }) },
    },
    absent: {
      stack: changed("postgres", { networksAdvanced: undefined, networkMode: undefined }),
      verdict: "violation",
    },
    unknown: { stack: changed("postgres", { networksAdvanced: [], networkMode: unknown }), path: "networkMode" },
  },
  {
    rule: "network-not-on-lan",
    breaks: {
      macvlan: { stack: front({ driver: "macvlan" }), on: "app_network", says: ["driver macvlan", 'driver: "bridge"'] },
      ipvlan: { stack: front({ driver: "ipvlan" }), on: "app_network", says: ["ipvlan"] },
      "a routed gateway": {
        stack: front({ options: { [masquerade]: "false", "com.docker.network.bridge.gateway_mode_ipv4": "routed" } }),
        on: "app_network",
        says: ["routed"],
      },
      "an unprotected gateway": {
        stack: front({
          options: { [masquerade]: "false", "com.docker.network.bridge.gateway_mode_ipv6": "nat-unprotected" },
        }),
        on: "app_network",
        says: ["nat-unprotected"],
      },
    },
    passes: {
      "an isolated gateway": {
        stack: front({ options: { [masquerade]: "false", "com.docker.network.bridge.gateway_mode_ipv4": "isolated" } }),
      },
    },
    absent: { stack: front({ driver: undefined }), verdict: "pass" },
    unknown: { stack: front({ driver: unknown }), path: "driver" },
  },
  {
    rule: "network-no-masquerade",
    breaks: {
      "the default": {
        stack: front({ options: undefined }),
        on: "app_network",
        says: ["masquerades", "internal: true", `"${masquerade}": "false"`],
      },
      "said aloud": { stack: front({ options: { [masquerade]: "true" } }), on: "app_network", says: ["masquerades"] },
    },
    passes: {
      "an internal network": { stack: front({ options: undefined, internal: true }) },
      "the network for egress": { stack: [...goodStack(), resource("network", "out", { name: "app_egress" })] },
    },
    absent: { stack: front({ options: {}, driver: undefined }), verdict: "violation" },
    unknown: { stack: front({ options: { [masquerade]: unknown } }), path: `options["${masquerade}"]` },
    configured: {
      "a network by another name": {
        stack: front({ options: undefined }),
        config: { "network-no-masquerade": { networks: ["app_*"] } },
        verdict: "pass",
      },
      "no exception": {
        stack: [...goodStack(), resource("network", "out", { name: "app_egress" })],
        config: { "network-no-masquerade": { networks: [] } },
        verdict: "violation",
      },
    },
  },
];
