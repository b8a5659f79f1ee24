// A preview as the comment on a pull request: how much changes, what is dangerous about it in words, what restarts, every change,
// and the raw steps in a fold. Also when the preview failed.
import { type EngineTraits, engineTraits, plainDocker } from "../../../lib/engine/traits.ts";
import { isRecord } from "../../../policies/facts/properties.ts";
import { settingsKey } from "../../../policies/settings.ts";
import { brokenRules, nameOf, otherErrors, type PreviewEvents, type Step } from "../../pulumi/events.ts";
import { escapeMarkdown } from "../markdown.ts";
import { type Changes, type Fate, proposedChanges } from "./changes.ts";
import { dangers } from "./dangers/index.ts";
import type { Engines } from "./dangers/ways-out.ts";
import { relaxations } from "./relaxations.ts";
import { restarts } from "./restarts.ts";
import { type Block, changeBlocks } from "./sections.ts";
import { withoutSecrets } from "./shown.ts";

/** What a review says besides what a preview ended with. */
export interface PreviewMarkdownOptions {
  /** Name of the stack. */
  stack: string;
  /** The changes against another program. @default those against the state of the stack */
  changes?: Changes;
  /** Policy configuration before and after, in the form of `--policy-pack-config`. */
  policy?: { before: Record<string, unknown>; after: Record<string, unknown> };
  /** Engines before and after. @default those of the policy configuration, or Docker with root */
  engines?: Engines;
  /** What is to be said about the comparison itself. @default nothing */
  note?: string;
}

/** Characters: GitHub takes 65,536 in a comment, and the rules' report has its place beside this text. */
const longest = 60_000;

/** The comment as Markdown. The first line is a mark; the second one counts. What does not fit is left out, dangers never. */
export function previewMarkdown(events: PreviewEvents, options: PreviewMarkdownOptions): string {
  const { stack, policy, note } = options;
  const engines = options.engines ?? { before: engineIn(policy?.before), after: engineIn(policy?.after) };
  const { changes, unchanged } = options.changes ?? proposedChanges(events);
  const relaxed = policy ? relaxations(policy.before, policy.after) : [];
  const broken = brokenRules(events);
  const errors = otherErrors(events);
  const failed = broken.length > 0 || errors.length > 0 || !events.complete;
  const known = events.complete || changes.length > 0;
  const counts = [
    failed ? "❌" : "✅",
    ...(known ? [count({ changes, unchanged })] : []),
    ...(events.complete ? [] : ["The preview did not come to its end."]),
  ];
  const head = [
    "<!-- xnai-preview -->",
    counts.join(" "),
    "",
    `### What changes in \`${stack}\``,
    ...(note ? ["", escapeMarkdown(note)] : []),
    ...list("⚠️ Look at this first", [...relaxed, ...dangers(changes, unchanged, engines)]),
  ];
  const rest = [
    list("Broken rules", broken),
    list("Errors", errors),
    list("When this is merged", restarts(changes)),
    ...changeBlocks(changes),
    ...rawSteps(options.changes ? stepsOf(options.changes) : events.steps),
  ];
  return fitted(head, rest);
}

/** The engine of a configuration of the rules; one that this checkout cannot read, of another commit, counts as Docker with root. */
function engineIn(policy: Record<string, unknown> = {}): EngineTraits {
  const given = policy[settingsKey];
  const { data } = engineTraits.safeParse((isRecord(given) && given.engine) || {});
  return data ?? plainDocker;
}

/** Whole blocks as long as there is room, and a note about the others. */
function fitted(head: Block, blocks: Block[]): string {
  const note = (left: number) => ["", `… ${left} more parts do not fit here: the job's log has the whole preview.`];
  let text = head.join("\n");
  let left = blocks.length;
  for (const block of blocks) {
    const more = [text, ...block].join("\n");
    if (more.length + note(left).join("\n").length > longest) break;
    text = more;
    left -= 1;
  }
  return `${[text, ...(left > 0 ? note(left) : [])].join("\n")}\n`;
}

const words: [Fate, one: string, several: string][] = [
  ["updated", "changes", "change"],
  ["replaced", "is replaced", "are replaced"],
  ["removed", "is removed", "are removed"],
  ["added", "is added", "are added"],
];

function count({ changes, unchanged }: Changes): string {
  const parts = words.flatMap(([fate, one, several]) => {
    const found = changes.filter((change) => change.fate === fate).length;
    return found === 0 ? [] : [`${found} ${found === 1 ? one : several}`];
  });
  return `${parts.join(", ") || "Nothing changes"}; ${unchanged.length} unchanged.`;
}

function list(title: string, lines: string[]): Block {
  return lines.length === 0
    ? []
    : ["", `**${title}**`, "", ...lines.map((line) => `- ${escapeMarkdown(withoutSecrets(line))}`)];
}

/** What the engine would call the changes that a comparison found. */
function stepsOf({ changes }: Changes): Pick<Step, "op" | "urn" | "type">[] {
  const ops: Record<Fate, string> = { updated: "update", replaced: "replace", removed: "delete", added: "create" };
  return changes.flatMap(({ before, after, fate }) => {
    const resource = after ?? before;
    return resource ? [{ op: ops[fate], urn: resource.urn, type: resource.type }] : [];
  });
}

/** The steps as the engine names them, for whoever wants them. */
function rawSteps(steps: Pick<Step, "op" | "urn" | "type">[]): Block[] {
  const changing = steps.filter(({ op }) => op !== "same" && op !== "read");
  const row = ({ op, urn, type }: Pick<Step, "op" | "urn" | "type">) =>
    `| ${op} | ${escapeMarkdown(type)} | ${escapeMarkdown(nameOf(urn))} |`;
  const rows = [...new Set(changing.map(row))];
  if (rows.length === 0) return [];
  const title = `<details><summary>Pulumi's own steps (${rows.length})</summary>`;
  return [["", title, "", "| | type | name |", "|---|---|---|", ...rows, "", "</details>"]];
}
