// What an import has to do, beside what is there already. It only ever adds: tasks, labels, and that something is done. Pure.
import { type ListedTask, normalised } from "./task-list.ts";

/** A task as it is in Vikunja. */
export interface KnownTask {
  id: number;
  title: string;
  done: boolean;
  /** Titles. */
  labels: string[];
}

/** What is to be done about one task of the list. */
export interface Work {
  listed: ListedTask;
  /** The same task in Vikunja; undefined if it is to be made. */
  known: KnownTask | undefined;
  /** Whether it is to be marked done there. */
  finish: boolean;
  /** Labels that it does not have yet. */
  labels: string[];
  /** Done in Vikunja and open in the file: stays done, for that is where the work is done. */
  doneOnlyThere: boolean;
}

/**
 * Tasks are the same when their titles are; of several with one title the first in the file is the first in Vikunja, and so on.
 * @param known in the order in which they were made
 */
export function planImport(listed: readonly ListedTask[], known: readonly KnownTask[]): Work[] {
  const left = new Map<string, KnownTask[]>();
  for (const task of known) left.set(keyOf(task), [...(left.get(keyOf(task)) ?? []), task]);
  return listed.map((task) => {
    const same = left.get(keyOf(task))?.shift();
    return {
      listed: task,
      known: same,
      finish: task.done && same !== undefined && !same.done,
      labels: task.labels.filter((label) => !same?.labels.includes(label)),
      doneOnlyThere: same?.done === true && !task.done,
    };
  });
}

const keyOf = ({ title }: { title: string }) => normalised(title).normalize("NFC");

/** How many of each. */
export interface Summary {
  made: number;
  finished: number;
  labelled: number;
  /** Were there already, with nothing to add. */
  unchanged: number;
  doneOnlyThere: number;
}

/** Counts what a plan comes to. */
export function summaryOf(plan: readonly Work[]): Summary {
  const count = (is: (work: Work) => boolean) => plan.filter(is).length;
  const labels = (work: Work) => work.known !== undefined && work.labels.length > 0;
  return {
    made: count(({ known }) => !known),
    finished: count(({ finish }) => finish),
    labelled: count(labels),
    unchanged: count((work) => work.known !== undefined && !work.finish && !labels(work)),
    doneOnlyThere: count(({ doneOnlyThere }) => doneOnlyThere),
  };
}

const tasks = (count: number) => `${count} ${count === 1 ? "task" : "tasks"}`;

/** `12 tasks made, 2 marked done, 30 there already`, and what is left as it is in Vikunja. */
export function summaryText({ made, finished, labelled, unchanged, doneOnlyThere }: Summary, dryRun: boolean): string {
  const parts = [
    `${tasks(made)} ${dryRun ? "to make" : "made"}`,
    ...(finished > 0 ? [`${finished} ${dryRun ? "to mark" : "marked"} done`] : []),
    ...(labelled > 0 ? [`${labelled} ${dryRun ? "to be given" : "given"} labels`] : []),
    `${unchanged} there already`,
  ];
  const stay = doneOnlyThere === 1 ? "it stays done" : "they stay done";
  const left = doneOnlyThere > 0 ? `\n${tasks(doneOnlyThere)} done in Vikunja and open in the file: ${stay}` : "";
  return `${parts.join(", ")}${left}`;
}
