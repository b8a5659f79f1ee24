// What Qdrant says of data that it cannot read. Owners of files are another matter: `--repair`.
import type { Damage } from "../definition/damage.ts";

export const qdrantDamage: readonly Damage[] = [
  {
    // Qdrant 1.19, at its start: "Wal error: Can't init WAL: ...". PermissionDenied is the owner's.
    says: /(?:Wal error|init WAL|open WAL)(?!.*(?:Permission ?[Dd]enied|ReadOnlyFilesystem|WouldBlock))/,
    what: "the write-ahead log of a collection is damaged, which nothing repairs",
    fix: "The collection's name stands in the log above it. Restore the volumes of Qdrant from a backup, or move that collection's directory (collections/NAME) out of the storage and recover it from a snapshot.",
  },
];
