import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { vikunjaEnv } from "../../../components/vikunja/environment.ts";
import { localStack, viewOf } from "../../support/whole-stacks.ts";

const { inputs, env, files } = viewOf(await localStack());

describe("the environment of Vikunja", () => {
  it("has registration closed, and its own settings for everything that would call out", () => {
    expect(env("vikunja")).toMatchObject({
      VIKUNJA_SERVICE_ENABLEREGISTRATION: "false",
      VIKUNJA_SERVICE_ENABLELINKSHARING: "false",
      VIKUNJA_WEBHOOKS_ENABLED: "false",
      VIKUNJA_SENTRY_ENABLED: "false",
      VIKUNJA_SENTRY_FRONTENDENABLED: "false",
      VIKUNJA_MAILER_ENABLED: "false",
      VIKUNJA_REDIS_ENABLED: "false",
      VIKUNJA_AVATAR_GRAVATARBASEURL: "http://127.0.0.1:9",
      VIKUNJA_BACKGROUNDS_PROVIDERS_UNSPLASH_ENABLED: "false",
      VIKUNJA_CORS_ENABLE: "false",
      VIKUNJA_SERVICE_IPEXTRACTIONMETHOD: "xff",
    });
  });

  it("has memory for an upload, and a collector that knows the limit", () => {
    expect(inputs("vikunja").memory).toBeGreaterThanOrEqual(192);
    expect(env("vikunja").GOMEMLIMIT).toBe("144MiB");
    expect(vikunjaEnv(parseConfig({ resources: { vikunja: { memoryMiB: 1000 } } })).GOMEMLIMIT).toBe("750MiB");
  });

  it("leaves connections to others than itself", () => {
    expect(env("vikunja").VIKUNJA_DATABASE_MAXOPENCONNECTIONS).toBe("19");
    expect(files("postgres")["postgresql.conf"]).toContain("max_connections = 32");
  });
});
