// A preview as the comment on a pull request: what is dangerous first and in words, then what breaks a rule, then every
// step in a fold. `xnai preview --markdown FILE` writes it, also when the preview failed.
import { brokenRules, nameOf, otherErrors, type PreviewEvents } from "../../pulumi/events.ts";
import { escapeMarkdown } from "../markdown.ts";
import { type Change, proposedChanges } from "./changes.ts";
import { dangers } from "./dangers.ts";
import { relaxations } from "./relaxations.ts";

export interface PreviewMarkdownOptions {
  /** Name of the stack. */
  stack: string;
  /** The changes against another program. @default those against the state of the stack */
  changes?: Change[];
  /** Policy configuration before and after, in the form of `--policy-pack-config`. */
  policy?: { before: Record<string, unknown>; after: Record<string, unknown> };
}

/** Characters: GitHub takes 65,536 in a comment, and more than this text may be in it. */
const longest = 60_000;

/** Steps of the engine as a reader knows them. Others are not shown. */
const verbs: Record<string, string> = {
  create: "create",
  update: "update",
  replace: "replace",
  "create-replacement": "replace",
  delete: "delete",
  "delete-replaced": "replace",
};

/** The comment as Markdown. The first line is a mark by which it is found again and updated in place. */
export function previewMarkdown(events: PreviewEvents, options: PreviewMarkdownOptions): string {
  const dangerous = dangers(options.changes ?? proposedChanges(events));
  const relaxed = options.policy ? relaxations(options.policy.before, options.policy.after) : [];
  const broken = brokenRules(events);
  const errors = otherErrors(events);
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
  lines.push(...allSteps(events));
  const text = `${lines.join("\n")}\n`;
  return text.length <= longest
    ? text
    : `${text.slice(0, longest)}\n\n… cut here: the whole preview is in the job's log.\n`;
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
  return lines.length === 0 ? [] : ["", `**${title}**`, "", ...lines.map((line) => `- ${escapeMarkdown(line)}`)];
}

function allSteps({ steps }: PreviewEvents): string[] {
  const rows = steps
    .filter(({ op }) => op in verbs)
    .map(({ op, urn, type }) => `| ${verbs[op]} | ${escapeMarkdown(type)} | ${escapeMarkdown(nameOf(urn))} |`);
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
