// What a part of the bench has found out, for people who wait for it.
import { table } from "../../../lib/table.ts";
import type { Found } from "./figures.ts";
import { sections } from "./sections.ts";

const plain = (cell: string) => cell.replaceAll(/[`*]/g, "");

/** Tables as wide as they need to be. */
export const terminalText = (found: Found): string =>
  sections(found)
    .map(
      ({ head, rows }) =>
        `${table(
          [...head],
          rows.map((row) => row.map(plain)),
        )}\n`,
    )
    .join("\n");
