// One value after the other is changed while a stack runs, and the same under Docker Compose.
import { caddyfile } from "../../../components/caddy/caddyfile.ts";
import { caddySite } from "../../../components/caddy/site.ts";
import type { StackConfig } from "../../../components/config/keys/base.ts";
import { parseConfig } from "../../../components/config/parse.ts";
import { redis } from "../../../components/redis/definition.ts";
import { redisConf } from "../../../components/redis/redis-conf.ts";
import type { GoalName } from "../report/goals.ts";
import { openRoute } from "./open-connection.ts";
import type { ComposeProject } from "./project.ts";

export interface Change {
  readonly goal: GoalName;
  /** Container that may be restarted; undefined: none. */
  readonly restarts?: string;
  /** The keys of the configuration, other ones in every round. */
  values(round: number): Record<string, unknown>;
  /** The same under Docker Compose, for those values. */
  compose(project: ComposeProject, values: Record<string, unknown>): Promise<void>;
}

/** The path that is routed in this round, to a container that is not there. */
export const changedPath = (round: number) => `/changed-${round}`;

const routes = (...paths: string[]) => ({
  caddy: { routes: [openRoute, ...paths.map((path) => ({ path, upstream: "not_there:80" }))] },
});

/** What the stack is configured with before anything is changed. */
export const unchanged = routes();

/** The whole configuration of a stack with these values, as far as these files depend on it. */
const configOf = (values: Record<string, unknown>): StackConfig => parseConfig({ prefix: "bench", ...values });

async function composeRoute(project: ComposeProject, values: Record<string, unknown>): Promise<void> {
  await project.write("caddy", "Caddyfile", caddyfile(caddySite(configOf(values), [])));
  await project.recreate("caddy");
}

async function composeRedis(project: ComposeProject, values: Record<string, unknown>): Promise<void> {
  const config = configOf(values);
  await project.write("redis", "redis.conf", redisConf(config.redis));
  project.set({ REDIS_MEMORY: `${redis.container(config).limits.memoryMiB}m` });
  await project.up();
}

async function composeQdrant(project: ComposeProject, values: Record<string, unknown>): Promise<void> {
  project.set({ QDRANT_LOG_LEVEL: configOf(values).qdrant.logLevel });
  await project.up();
}

export const changes: readonly Change[] = [
  { goal: "changedRoute", values: (round) => routes(changedPath(round)), compose: composeRoute },
  {
    goal: "changedRedis",
    restarts: "redis",
    values: (round) => ({ redis: { maxMemoryMiB: 256 + 16 * round } }),
    compose: composeRedis,
  },
  {
    goal: "changedQdrant",
    restarts: "qdrant",
    values: (round) => ({ qdrant: { logLevel: round % 2 === 0 ? "DEBUG" : "WARN" } }),
    compose: composeQdrant,
  },
];
