// What Postgres says of data that it cannot read.
import type { Damage } from "../definition/damage.ts";

export const postgresDamage: readonly Damage[] = [
  {
    // Postgres 15 to 17, xlog.c
    says: /could not locate a valid checkpoint record|invalid primary checkpoint record|could not read file "global\/pg_control"|incorrect checksum in control file/,
    what: "the write-ahead log or the control file of Postgres is damaged",
    fix: "Restore the volume of Postgres' data, or a dump of the database, from a backup. pg_resetwal would start it, but leaves a database that contradicts itself: copy the volume before you try that.",
  },
];
