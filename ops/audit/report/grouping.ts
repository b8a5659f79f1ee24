// What one rule says of several resources in the same words, said once.
import type { Finding } from "../../../policies/evaluate.ts";
import { printable, shown } from "../../../policies/say.ts";
import type { AuditInput, Place } from "../input.ts";

export interface Group {
  rule: Finding["rule"];
  /** Complete sentences about all of the resources. */
  message: string;
  /** `docker-compose.yml:12, 17`, or "" if no line is known. */
  places: string;
}

/** The findings as groups, in the order in which each group begins. */
export function grouped(findings: Finding[], input: AuditInput): Group[] {
  const groups = Map.groupBy(
    findings,
    (finding) => `${finding.rule.name} ${withoutLabel(labelOf(finding), finding.message)}`,
  );
  return [...groups.values()].map((group) => {
    const [first] = group as [Finding, ...Finding[]];
    const label = labelOf(first);
    const labels = [...new Set(group.map(labelOf))];
    const colon = labels.length > 1 && !first.message.startsWith(`${label}:`) ? ":" : "";
    const message = `${few(labels)}${colon}${withoutLabel(label, first.message)}`;
    return { rule: first.rule, message, places: lines(group.map((finding) => input.place(finding))) };
  });
}

const labelOf = ({ subject }: Finding) => shown(subject.label, "name");

/** How many resources, or lines, are named before the rest is counted. */
const mostNamed = 20;

function few(names: (string | number)[]): string {
  const rest = names.length - mostNamed;
  const first = names.slice(0, mostNamed).join(", ");
  return rest > 0 ? `${first} and ${rest} more` : first;
}

/** A message begins with the label of its resource. */
function withoutLabel(label: string, message: string): string {
  return message.startsWith(label) ? message.slice(label.length) : ` ${message}`;
}

function lines(places: Place[]): string {
  const files = Map.groupBy(
    places.filter(({ line }) => line > 1),
    ({ file }) => file,
  );
  return [...files]
    .map(([file, found]) => `${printable(file, 300)}:${few([...new Set(found.map(({ line }) => line))])}`)
    .join("; ");
}
