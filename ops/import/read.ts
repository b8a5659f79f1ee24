// Reads a file of tasks.
import { readFileSync } from "node:fs";
import { basename, extname } from "node:path";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { tasksFromJson } from "./json.ts";
import { tasksFromMarkdown } from "./markdown.ts";
import type { ListedTask, TaskList } from "./task-list.ts";

const readers: Record<string, (text: string) => TaskList> = {
  ".md": tasksFromMarkdown,
  ".markdown": tasksFromMarkdown,
  ".json": tasksFromJson,
};

/** Larger than any list that somebody works through, bytes; it is read at once. */
const mostBytes = 64 * 1024 * 1024;
/** More faults than that are counted only. */
const shownFaults = 20;

/**
 * The tasks of a file, in its order.
 * @param file its ending says the format: .md, .markdown, .json
 * @throws XnaiError (usage) that names each fault and its line; nothing is imported of a file with one
 */
export function readTasks(file: string): ListedTask[] {
  const read = readers[extname(file).toLowerCase()];
  if (!read)
    throw usage(
      `${file} is neither Markdown nor JSON by its name.`,
      "Name it .md (a check list) or .json (a list of tasks).",
    );
  const { tasks, faults } = read(textOf(file));
  if (faults.length > 0) throw usage(faultText(file, faults), "Correct the file. Nothing was imported.");
  if (tasks.length === 0)
    throw usage(
      `There is no task in ${file}.`,
      'A task is a line such as `- [ ] title` in Markdown, or { "title": "..." } in JSON.',
    );
  return tasks;
}

function textOf(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw usage(
      `${file} cannot be read: ${(error as Error).message}`,
      "Name a file that is there and that you may read.",
    );
  }
  if (bytes.length > mostBytes)
    throw usage(`${file} has ${Math.ceil(bytes.length / 1024 ** 2)} MiB, and 64 are the limit.`, "Split it.");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replaceAll("\r\n", "\n");
  } catch {
    throw usage(`${file} is not UTF-8 text.`, `Save it as UTF-8: iconv -f LATIN1 -t UTF-8 ${basename(file)}`);
  }
}

function faultText(file: string, faults: TaskList["faults"]): string {
  const lines = faults
    .toSorted((a, b) => a.line - b.line)
    .map(({ line, message }) => `\n  ${file}:${line}: ${message}`);
  const more = lines.length > shownFaults ? `\n  and ${lines.length - shownFaults} more` : "";
  return `${lines.length === 1 ? "A fault" : `${lines.length} faults`} in ${basename(file)}:${lines.slice(0, shownFaults).join("")}${more}`;
}

const usage = (message: string, fix: string) => new XnaiError(exitCode.usage, message, fix);
