// Columns of text, as wide as they need to be.
import { stripVTControlCharacters } from "node:util";

const width = (text: string) => stripVTControlCharacters(text).length;

/** Left-aligned columns, two spaces between them, no lines. */
export function table(head: string[], rows: string[][]): string {
  const widths = head.map((title, column) => Math.max(...[title, ...rows.map((row) => row[column] ?? "")].map(width)));
  const line = (cells: string[]) =>
    cells
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - width(cell)))
      .join("  ")
      .trimEnd();
  return [line(head.map((title) => title.toUpperCase())), ...rows.map(line)].join("\n");
}
