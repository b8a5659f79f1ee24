// Vikunja's settings. Pure.
import type { StackConfig } from "../config/keys/base.ts";
import { configPath } from "../definition/service.ts";
import { postgresMemory, postgresMemoryMiB, vikunjaConnections } from "../postgres/postgresql-conf.ts";
import { vikunjaRole } from "../postgres/roles.ts";

/** MiB. A 20 MB upload is held in memory several times over; with less than this it ends the process. */
export const defaultMemoryMiB = 192;

/** Where the clients' addresses may be taken from: Caddy, whatever addresses the stack's networks were given. */
const trustedProxies = "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16";

/** Settings of every Vikunja process of the stack: the server, and the one that makes the first user. */
export function vikunjaEnv(config: StackConfig): Record<string, string> {
  const memoryMiB = config.resources.vikunja?.memoryMiB ?? defaultMemoryMiB;
  return {
    GOMEMLIMIT: `${Math.floor(memoryMiB * 0.75)}MiB`,
    VIKUNJA_DATABASE_TYPE: "postgres",
    VIKUNJA_DATABASE_HOST: "postgres",
    VIKUNJA_DATABASE_USER: vikunjaRole,
    VIKUNJA_DATABASE_DATABASE: vikunjaRole,
    VIKUNJA_DATABASE_PASSWORD_FILE: `${configPath}/database.password`,
    VIKUNJA_DATABASE_MAXOPENCONNECTIONS: `${vikunjaConnections(postgresMemory(postgresMemoryMiB(config)))}`,
    VIKUNJA_SERVICE_SECRET_FILE: `${configPath}/signing.key`,
    VIKUNJA_SERVICE_ENABLEREGISTRATION: "false",
    VIKUNJA_SERVICE_ENABLELINKSHARING: "false",
    // Every client would share one limit of logins a minute if they all seemed to be Caddy.
    VIKUNJA_SERVICE_IPEXTRACTIONMETHOD: "xff",
    VIKUNJA_SERVICE_TRUSTEDPROXIES: trustedProxies,
    // Every page load renews its token under the same limit, and all browsers of this machine are one address: of ten a
    // minute, Vikunja's default, the eleventh reload would keep everybody from logging in.
    VIKUNJA_RATELIMIT_NOAUTHLIMIT: "60",
    // No other origin. Without a public URL the page calls the host that it came from, under whichever name and port.
    VIKUNJA_CORS_ENABLE: "false",
    // In memory: with Redis every request would hang while Redis is away.
    VIKUNJA_KEYVALUE_TYPE: "memory",
    VIKUNJA_REDIS_ENABLED: "false",
    VIKUNJA_MAILER_ENABLED: "false",
    VIKUNJA_WEBHOOKS_ENABLED: "false",
    VIKUNJA_METRICS_ENABLED: "false",
    VIKUNJA_BACKGROUNDS_PROVIDERS_UNSPLASH_ENABLED: "false",
    // A user may choose Gravatar, and nothing forbids it: it is asked at an address where nobody answers.
    VIKUNJA_AVATAR_GRAVATARBASEURL: "http://127.0.0.1:9",
    VIKUNJA_SENTRY_ENABLED: "false",
    VIKUNJA_SENTRY_FRONTENDENABLED: "false",
    // Otherwise the page names a host outside, though it does not use it.
    VIKUNJA_SENTRY_DSN: "",
    VIKUNJA_SENTRY_FRONTENDDSN: "",
  };
}

export const vikunjaProgram = "/app/vikunja/vikunja";
export const vikunjaFiles = "/app/vikunja/files";
