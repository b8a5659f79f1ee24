// What Consul says of data that it cannot read.
import type { Damage } from "../definition/damage.ts";

export const consulDamage: readonly Damage[] = [
  {
    // Consul 1.15 to 1.22: BoltDB, and the write-ahead log that may take its place
    says: /(?:Failed to start Raft|invalid database|invalid freelist page|page \d+ already freed)(?!.*permission denied)/i,
    what: "Consul's raft store is damaged, which nothing repairs",
    fix: "Restore the volume of Consul's data, or a snapshot (docs/consul.md). Services and tokens of the stack come back by themselves; keys and tokens of yours do not: to go on without them, move the files elsewhere, then run npm run up -- --accept-data-loss consul.",
  },
];
