import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { consulConfig, consulSecrets, consulServices } from "../../../components/consul/agent-config.ts";
import { services as all } from "../../../components/services.ts";

const config = (values: Record<string, unknown> = {}) => parseConfig({ prefix: "lab", ...values });
const services = (values: Record<string, unknown>) => consulServices(config(values), all).services;
const checkOf = (name: string, values: Record<string, unknown> = {}) =>
  services(values).find((service) => service.name === name)?.checks[0];

describe("consulConfig", () => {
  it("is a single server that denies by default and calls nobody", () => {
    expect(consulConfig(config())).toMatchObject({
      node_name: "lab-consul",
      server: true,
      bootstrap_expect: 1,
      acl: { enabled: true, default_policy: "deny" },
      ports: { https: -1, grpc: -1, grpc_tls: -1, dns: -1, serf_wan: -1 },
      connect: { enabled: false },
      disable_keyring_file: true,
      disable_remote_exec: true,
      disable_update_check: true,
      disable_anonymous_signature: true,
      enable_script_checks: false,
      enable_local_script_checks: false,
    });
  });

  it("starts again however long it was off: the default would refuse after a week", () => {
    const hours = Number.parseInt(consulConfig(config()).server_rejoin_age_max, 10);
    expect(hours).toBeGreaterThan(24 * 365 * 50);
    expect(hours * 3600e9, "Go keeps durations in an int64 of nanoseconds").toBeLessThan(2 ** 63);
  });

  it("serves the UI unless it is switched off", () => {
    expect(consulConfig(config()).ui_config.enabled).toBe(true);
    expect(consulConfig(config({ consul: { ui: false } })).ui_config.enabled).toBe(false);
  });

  it("has no secret in the part that is not secret", () => {
    expect(JSON.stringify(consulConfig(config()))).not.toMatch(/encrypt|tokens/);
    expect(consulSecrets({ gossipKey: "key", management: "all" })).toEqual({
      encrypt: "key",
      acl: { tokens: { initial_management: "all", agent: "all", config_file_service_registration: "all" } },
    });
  });
});

describe("consulServices", () => {
  it("checks each service where it can be reached, and Vikunja through Caddy", () => {
    expect(services({}).map(({ name, address, port }) => `${name} ${address}:${port}`)).toEqual([
      "caddy caddy:8000",
      "redis redis:6379",
      "vikunja caddy:8000",
      "qdrant qdrant:6333",
    ]);
    expect(checkOf("redis")).toMatchObject({ tcp: "redis:6379" });
    expect(checkOf("qdrant")).toMatchObject({ http: "http://qdrant:6333/readyz" });
    expect(checkOf("vikunja")).toMatchObject({ http: "http://caddy:8000/vikunja/api/v1/info" });
  });

  it("shows a failure within 15 seconds: interval and timeout together", () => {
    for (const { checks } of services({}))
      for (const { interval, timeout } of checks)
        expect(Number.parseInt(interval, 10) + Number.parseInt(timeout, 10)).toBeLessThan(15);
  });

  it("drops what is switched off, and Vikunja with the door to it", () => {
    const names = (off: Record<string, boolean>) => services({ services: off }).map(({ name }) => name);
    expect(names({ redis: false })).toEqual(["caddy", "vikunja", "qdrant"]);
    expect(names({ caddy: false, postgres: true })).toEqual(["redis", "qdrant"]);
  });

  it("asks Caddy by a name that its certificate has", () => {
    expect(checkOf("caddy", { caddy: { tls: "internal" } })).toMatchObject({
      http: "https://caddy:8000/healthz",
      header: { Host: ["localhost"] },
      tls_server_name: "localhost",
      tls_skip_verify: true,
    });
  });
});
