// A preview as the comment of a pull request: what is dangerous first and in words, then what breaks a rule, then
// every step in a fold. Pure; `xnai preview --markdown FILE` writes what it returns, also when the preview failed.

import { nameOf, type PreviewEvents } from "../pulumi/events.ts";
import { type Change, dangers, proposedChanges, relaxations } from "./changes.ts";
import { escaped } from "./markdown.ts";

export interface PreviewMarkdownOptions {
  /** Name of the stack. */
  stack: string;
  /** What to compare with instead of the stack's own state: the changes against another program. */
  changes?: Change[];
  /** Policy configuration before and after, in the form of `--policy-pack-config`. */
  policy?: { before: Record<string, unknown>; after: Record<string, unknown> };
}

/** Longest text that GitHub takes as a comment, less some room. */
const longest = 60_000;

const verbs: Record<string, string> = {
  create: "create",
  update: "update",
  replace: "replace",
  "create-replacement": "replace",
  delete: "delete",
  "delete-replaced": "replace",
};

export function previewMarkdown(events: PreviewEvents, options: PreviewMarkdownOptions): string {
  const dangerous = dangers(options.changes ?? proposedChanges(events));
  const relaxed = options.policy ? relaxations(options.policy.before, options.policy.after) : [];
  const broken = brokenRules(events);
  const errors = events.errors.filter((error) => !error.startsWith(byProgram));
  const failed = broken.length > 0 || errors.length > 0 || !events.complete;
  const lines = [
    "<!-- xnai-preview -->",
    `### Preview of \`${options.stack}\``,
    "",
    `${failed ? "❌" : "✅"} ${verdict(events)}`,
  ];
  lines.push(...list("⚠️ Look at this first", [...relaxed, ...dangerous]));
  lines.push(...list("Broken rules", broken));
  lines.push(...list("Errors", errors));
  lines.push(...steps(events));
  const text = `${lines.join("\n")}\n`;
  return text.length <= longest
    ? text
    : `${text.slice(0, longest)}\n\n… cut here: the whole preview is in the job's log.\n`;
}

/** How a rule that the program holds itself to begins its error (policies/adapters/program.ts). */
const byProgram = "Policy ";

/** What the pack and the program found, each once: they run the same rules. */
function brokenRules({ violations, errors }: PreviewEvents): string[] {
  const byPack = violations.filter(({ mandatory }) => mandatory).map(({ policy, message }) => `${policy}: ${message}`);
  const byItself = errors.filter((error) => error.startsWith(byProgram)).map((error) => error.slice(byProgram.length));
  return [...new Set([...byPack, ...byItself])];
}

function verdict({ steps, complete }: PreviewEvents): string {
  const counts = new Map<string, Set<string>>();
  for (const { op, urn } of steps) {
    const verb = verbs[op];
    if (verb) counts.set(verb, (counts.get(verb) ?? new Set()).add(urn));
  }
  const parts = [...counts].map(([verb, urns]) => `${urns.size} to ${verb}`);
  return `${parts.join(", ") || "nothing to change"}.${complete ? "" : " The preview did not come to its end."}`;
}

function list(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ["", `**${title}**`, "", ...lines.map((line) => `- ${escaped(line)}`)];
}

function steps({ steps }: PreviewEvents): string[] {
  const rows = steps
    .filter(({ op }) => op in verbs)
    .map(({ op, urn, type }) => `| ${verbs[op]} | ${escaped(type)} | ${escaped(nameOf(urn))} |`);
  const unique = [...new Set(rows)];
  if (unique.length === 0) return [];
  return [
    "",
    `<details><summary>All steps (${unique.length})</summary>`,
    "",
    "| | type | name |",
    "|---|---|---|",
    ...unique,
    "",
    "</details>",
  ];
}
