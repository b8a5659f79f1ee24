// What Redis says of data that it cannot read.
import type { Damage } from "../definition/damage.ts";

export const redisDamage: readonly Damage[] = [
  {
    // Redis 7.0 to 8.2, aof.c and rdb.c
    says: /Bad file format reading the append only file|Unexpected end of file reading the append only file|AOF file .* is corrupt/i,
    what: "the end of the append-only file is damaged",
    fix: "Run npm run up -- --repair redis: it cuts off what cannot be read, on a copy, says how much that is, and keeps the file as it was.",
  },
  {
    says: /Bad signature trying to load the DB|Wrong signature trying to load DB|Internal error in RDB reading|RDB file was saved with.*checksum|Short read or OOM loading DB|Error reading the RDB base file/i,
    what: "the snapshot file of Redis is damaged, which nothing repairs",
    fix: "Restore the volume of Redis' data from a backup. Without one: move the files in it elsewhere, then run npm run up -- --accept-data-loss redis.",
  },
];
