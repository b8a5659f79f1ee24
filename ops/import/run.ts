// Imports a list of tasks into a project of Vikunja.
import { exitCode, XnaiError } from "../../lib/errors.ts";
import type { Project, Task, Vikunja } from "../clients/vikunja.ts";
import { planImport, type Summary, summaryOf, type Work } from "./plan.ts";
import type { ListedTask } from "./task-list.ts";

export interface ImportOptions {
  /** Changes nothing. */
  dryRun?: boolean;
  /** Told of what has been done, now and then: tasks done with, and all of them. */
  onProgress?: (done: number, all: number) => void;
  /** Ends it between two tasks. */
  stop?: AbortSignal;
}

export interface Imported extends Summary {
  /** Undefined if it was not there and nothing was to be changed. */
  project: Project | undefined;
  /** Whether the project is new. */
  newProject: boolean;
}

/** What is told while it works, milliseconds apart. */
const progressEveryMs = 2000;

/**
 * Imports tasks one after the other, in their order. What is there already is not made again, so that one that was interrupted is
 * simply repeated.
 * @throws XnaiError (failed) that names the task at which it ended; what was done before that stays
 */
export async function importTasks(
  vikunja: Vikunja,
  title: string,
  listed: readonly ListedTask[],
  { dryRun = false, onProgress, stop }: ImportOptions = {},
): Promise<Imported> {
  const known = await projectCalled(vikunja, title);
  const project = known ?? (dryRun ? undefined : await vikunja.createProject(title));
  const there = known ? await vikunja.tasks(known.id) : [];
  const plan = planImport(listed, there.map(knownTask));
  if (project && !dryRun) await work(vikunja, project, plan, onProgress, stop);
  return { ...summaryOf(plan), project, newProject: !known };
}

const knownTask = ({ id, title, done, labels }: Task) => ({
  id,
  title,
  done,
  labels: (labels ?? []).map((label) => label.title),
});

/** The project of that title. @throws XnaiError (failed) when there are several */
async function projectCalled(vikunja: Vikunja, title: string): Promise<Project | undefined> {
  const found = (await vikunja.projects(title)).filter((project) => project.title === title);
  if (found.length <= 1) return found[0];
  throw new XnaiError(
    exitCode.failed,
    `Vikunja has ${found.length} projects with the title "${title}".`,
    "Rename all but one of them in Vikunja, or import into another. Nothing was imported.",
  );
}

async function work(
  vikunja: Vikunja,
  project: Project,
  plan: Work[],
  onProgress: ImportOptions["onProgress"],
  stop: AbortSignal | undefined,
): Promise<void> {
  const labels = new Labels(vikunja);
  let told = Date.now();
  for (const [index, each] of plan.entries()) {
    try {
      stop?.throwIfAborted();
      await workOn(vikunja, project, each, labels);
    } catch (error) {
      throw endedAt(error, each.listed, `${index} of ${plan.length} tasks were done with`);
    }
    if (Date.now() - told < progressEveryMs) continue;
    told = Date.now();
    onProgress?.(index + 1, plan.length);
  }
}

async function workOn(vikunja: Vikunja, { id }: Project, { listed, known, finish, labels }: Work, all: Labels) {
  const { title, done, description, due } = listed;
  const task =
    known ??
    (await vikunja.createTask(id, { title, done, description: asHtml(description), ...(due && { due_date: due }) }));
  if (finish) await vikunja.updateTask(task.id, { done: true });
  for (const label of labels) await vikunja.addLabel(task.id, await all.idOf(label));
}

/** The labels of Vikunja, which are made when they are first needed. */
class Labels {
  readonly #vikunja: Vikunja;
  #known: Promise<Map<string, number>> | undefined;

  constructor(vikunja: Vikunja) {
    this.#vikunja = vikunja;
  }

  async idOf(title: string): Promise<number> {
    this.#known ??= this.#vikunja.labels().then((all) => new Map(all.map((label) => [label.title, label.id])));
    const known = await this.#known;
    const id = known.get(title) ?? (await this.#vikunja.createLabel(title)).id;
    known.set(title, id);
    return id;
  }
}

/** Vikunja's descriptions are HTML. */
export function asHtml(text: string): string {
  if (text === "") return "";
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return escaped
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${paragraph.replaceAll("\n", "<br>")}</p>`)
    .join("");
}

function endedAt(error: unknown, { title, where }: ListedTask, sofar: string): unknown {
  if (!(error instanceof XnaiError)) return error;
  return new XnaiError(
    error.code,
    `${error.message}\nThe import ended at "${title}" (${where}): ${sofar}.`,
    `${error.fix}\nThe same import again goes on from there: nothing is made twice.`,
    { cause: error },
  );
}
