// Tasks from JSON: a list of them, or an object with such a list under `tasks`. Pure.
import { isNode, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { problemsOf } from "../../components/config/problems.ts";
import { dueMoment, type Fault, normalised, type TaskList } from "./task-list.ts";

const text = z.string().refine((value) => value.trim() !== "", "a text that is not empty");

const task = z.strictObject({
  title: text,
  done: z.boolean().default(false),
  description: z.string().default(""),
  due: z
    .string()
    .refine(
      (value) => dueMoment(value) !== undefined,
      "a day such as 2026-12-01, or a time such as 2026-12-01T09:00:00Z",
    )
    .optional(),
  labels: z.array(text).default([]),
});

/**
 * Each task is an object with `title`, and if need be `done`, `description`, `due` and `labels`. A key that nobody knows is a
 * fault, so that nothing of the file is lost without a word.
 */
export function tasksFromJson(source: string): TaskList {
  let input: unknown;
  try {
    input = JSON.parse(source);
  } catch (error) {
    return { tasks: [], faults: [syntaxFault(source, (error as Error).message)] };
  }
  const bare = Array.isArray(input);
  const schema = bare ? z.array(task) : z.strictObject({ tasks: z.array(task) });
  const parsed = schema.safeParse(input);
  if (!parsed.success) return { tasks: [], faults: faultsOf(source, schema, input, parsed.error) };
  const tasks = Array.isArray(parsed.data) ? parsed.data : parsed.data.tasks;
  return {
    tasks: tasks.map(({ title, done, description, due, labels }, index) => ({
      title: normalised(title),
      done,
      description: description.trim(),
      due: due && dueMoment(due),
      labels: [...new Set(labels.map(normalised))],
      where: `${bare ? "" : "tasks"}[${index}]`,
    })),
    faults: [],
  };
}

/** V8 says the line of most; of a file that ends too early it does not. */
function syntaxFault(source: string, said: string): Fault {
  const line = /\(line (\d+) column \d+\)/.exec(said)?.[1];
  const message = said
    .replace(/ in JSON at position \d+( \(line \d+ column \d+\))?/, "")
    .replace(/, ".*" is not valid JSON$/s, "");
  return { line: line ? Number(line) : source.split("\n").length, message: `is no valid JSON: ${message}` };
}

/** What is wrong with the values. Where they stand is looked up in the text as YAML, of which JSON is a part. */
function faultsOf(source: string, schema: z.ZodType, input: unknown, error: z.ZodError): Fault[] {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  const lineAt = (path: PropertyKey[]): number => {
    const node = document.getIn(path, true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    return path.length > 0 ? lineAt(path.slice(0, -1)) : 1;
  };
  return error.issues.flatMap((issue) =>
    problemsOf(schema, input, new z.ZodError([issue]), "a task").map(({ key, message }) => ({
      line: lineAt(issue.path),
      message: `${key} ${message}`.trim(),
    })),
  );
}
