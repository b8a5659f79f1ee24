// Tasks from a Markdown check list. Pure.
import MarkdownIt, { type Token } from "markdown-it";
import { dueMoment, type Fault, type ListedTask, normalised, type TaskList } from "./task-list.ts";

/** Blocks with their lines are all that is asked for: no links, no emphasis. */
const markdown = new MarkdownIt("commonmark");
markdown.core.ruler.disable("inline");

const box = /^\[([ xX])\](?:\s+|$)/;
/** `[] title`, `[y] title`, `[x]title`; but not a link. */
const badBox = /^\[(?:[ xX]?|[^[\]()])\](?![([:])/;
/** What Markdown does not take for an item although somebody meant one. */
const gluedBox = /^(?:[-*+]|\d+[.)])\[[ xX]?\]/;

const right = "write it as `- [ ] title`, or `- [x] title` if it is done";

/** Words at the end of a title that are not part of it. */
const endings = {
  label: /\s#(\p{L}[\p{L}\p{N}_/-]*)$/u,
  due: /\s(?:due:|📅\s*)(\S+)$/u,
};

/**
 * Every `- [ ]` and `- [x]` of a text, nested ones too; text that is indented under an item is its description. At the end of
 * a title `#word` is a label, and `due:2026-12-01` (or 📅 and a day) the due date. Whatever else stands in the text is left out.
 */
export function tasksFromMarkdown(text: string): TaskList {
  const list: TaskList = { tasks: [], faults: [] };
  /** The items around the token at hand; undefined for one without a box. */
  const open: (ListedTask | undefined)[] = [];
  const tokens = markdown.parse(text, {});
  tokens.forEach((token, index) => {
    if (token.type === "list_item_open") open.push(itemAt(tokens, index, list));
    else if (token.type === "list_item_close") open.pop();
    else if (token.type === "inline" || token.type === "code_block" || token.type === "fence")
      addText(token, tokens[index - 2], open.at(-1), list.faults);
  });
  return list;
}

const lineOf = ({ map }: Token) => (map?.[0] ?? 0) + 1;

/** The task that begins with an item; undefined if it has no box, or a faulty one. */
function itemAt(tokens: Token[], index: number, { tasks, faults }: TaskList): ListedTask | undefined {
  const content = tokens[index + 2]?.type === "inline" ? (tokens[index + 2]?.content ?? "") : "";
  const line = lineOf(tokens[index] as Token);
  const [found, mark] = box.exec(content) ?? [];
  if (found === undefined) {
    if (badBox.test(content)) faults.push({ line, message: `"${firstLine(content)}" is no check box: ${right}` });
    return undefined;
  }
  const [first = "", ...rest] = content.slice(found.length).split("\n");
  const task = titled(first, line, faults);
  if (!task) return undefined;
  task.done = mark !== " ";
  task.description = rest.map((each) => each.trim()).join("\n");
  tasks.push(task);
  return task;
}

/** Takes labels and due date off the end of a title. */
function titled(text: string, line: number, faults: Fault[]): ListedTask | undefined {
  let title = ` ${normalised(text)}`;
  const labels: string[] = [];
  let due: string | undefined;
  for (;;) {
    const label = endings.label.exec(title);
    const date = endings.due.exec(title);
    if (label) labels.unshift(label[1] as string);
    else if (date) {
      due = dueMoment(date[1] as string);
      if (due === undefined) faults.push({ line, message: `"${date[1]}" is no day: write it as due:2026-12-01` });
    } else break;
    title = title.slice(0, (label ?? date)?.index);
  }
  if (title.trim() === "") {
    faults.push({ line, message: `a check box without a title: ${right}` });
    return undefined;
  }
  const where = `line ${line}`;
  return { title: title.trim(), done: false, description: "", due, labels: [...new Set(labels)], where };
}

function addText(token: Token, before: Token | undefined, task: ListedTask | undefined, faults: Fault[]): void {
  const { type, content } = token;
  if (type === "inline" && before?.type === "list_item_open") return;
  if (type === "inline" && gluedBox.test(content))
    faults.push({ line: lineOf(token), message: `"${firstLine(content)}" is no list item: ${right}` });
  else if (type === "code_block" && !task && /^\s*[-*+] \[[ xX]\]/m.test(content))
    faults.push({
      line: lineOf(token),
      message: `"${firstLine(content.trim())}" is indented so far that Markdown takes it for code: indent it less`,
    });
  else if (task) task.description = [task.description, content.trimEnd()].filter((each) => each !== "").join("\n\n");
}

function firstLine(text: string): string {
  const [line = ""] = text.split("\n");
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}
