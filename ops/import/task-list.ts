// What a file of tasks says, whatever its format.

/** One task of the list. */
export interface ListedTask {
  /** One line; never empty. */
  title: string;
  done: boolean;
  /** Plain text; "" for none. */
  description: string;
  /** ISO 8601, UTC; undefined for none. */
  due: string | undefined;
  /** Titles, each once. */
  labels: string[];
  /** Where it stands in the file, for messages: `line 7`. */
  where: string;
}

/** What is wrong with the file, and where. */
export interface Fault {
  /** From 1. */
  line: number;
  message: string;
}

/** A file that was read. The tasks are good for nothing while there are faults. */
export interface TaskList {
  tasks: ListedTask[];
  faults: Fault[];
}

/** White space is all the same, and none stands around it. */
export const normalised = (text: string) => text.replace(/\s+/g, " ").trim();

/**
 * The moment of a due date: `2026-12-01`, which is noon on this machine, or a whole ISO 8601 time with a zone.
 * @returns ISO 8601, UTC; undefined when it is neither, or there is no such day
 */
export function dueMoment(text: string): string | undefined {
  const [, year, month, day, time] =
    /^(\d{4})-(\d{2})-(\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const noon = new Date(Number(year), Number(month) - 1, Number(day), 12);
  if (noon.getMonth() !== Number(month) - 1 || noon.getDate() !== Number(day)) return undefined;
  const moment = time ? new Date(text) : noon;
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}
