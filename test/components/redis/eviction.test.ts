import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { evictionWarning } from "../../../components/redis/eviction.ts";
import { runServiceScript, standIns } from "../../support/service-scripts.ts";
import { shells } from "../../support/shells.ts";

const { redis } = parseConfig({ redis: { maxMemoryMiB: 64 } });
const stats = (evicted: number) => `# Stats\r\nexpired_keys:7\r\nevicted_keys:${evicted}\r\nevicted_clients:0\r\n`;

describe("evicted keys", () => {
  it("are told with their number, the limit, the policy, and what to do", () => {
    const text = evictionWarning(stats(28_303), redis);
    expect(text).toMatch(
      /^28303 keys .*redis\.maxMemoryMiB \(64\).*allkeys-lru: of all keys, any, queues and streams too/,
    );
    expect(text).toContain("set redis.maxMemoryPolicy: noeviction");
    expect(evictionWarning(stats(1), { ...redis, maxMemoryPolicy: "volatile-ttl" })).toContain("with a time to live");
  });

  it("are nothing to speak of when there are none", () => {
    for (const text of [stats(0), "", "NOAUTH Authentication required."])
      expect(evictionWarning(text, redis), text).toBeUndefined();
  });

  it.each(shells)("are asked for as the user who may only ask, in $name", (shell) => {
    const folder = standIns({ "redis-cli": '[ "$REDISCLI_AUTH" = of-the-check ] && echo "$@"' });
    const password = join(folder, "health.password");
    writeFileSync(password, "of-the-check");
    const { stdout } = runServiceScript(shell, "redis/stats.sh", [password], folder);
    expect(stdout.trim()).toBe("-h 127.0.0.1 --user health --no-auth-warning info stats");
  });
});
