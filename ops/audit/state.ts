// Facts from an exported state (`pulumi stack export > state.json`): what runs, rather than what a program would make.
import { readFileSync } from "node:fs";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { isRecord } from "../../policies/facts/properties.ts";
import { factsOf } from "../../policies/facts/pulumi.ts";
import { nameOf } from "../pulumi/events.ts";
import type { AuditInput, Place } from "./input.ts";

interface StateResource {
  urn: string;
  type: string;
  inputs?: unknown;
  protect?: boolean;
  retainOnDelete?: boolean;
  ignoreChanges?: string[];
  delete?: boolean;
  /** `project:///index.ts#12,3` */
  sourcePosition?: string;
}

/**
 * The resources of an exported state. Encrypted values are unknown; what the rules need is not encrypted.
 * @throws XnaiError when the file is not an exported state
 */
export function collectState(file: string): AuditInput {
  const resources = readResources(file).filter((each) => each.delete !== true);
  const positions = new Map(resources.map((each) => [each.urn, placeOf(each, file)]));
  const facts = resources.flatMap((each) =>
    factsOf({
      type: each.type,
      urn: each.urn,
      name: nameOf(each.urn),
      props: each.inputs ?? {},
      retained: Boolean(each.protect || each.retainOnDelete),
      ignoreChanges: each.ignoreChanges ?? [],
    }),
  );
  return {
    title: file,
    facts: facts.map((each) => ({ ...each, unknownUntil: "to this report: it is encrypted" })),
    notes: [],
    place: ({ subject }) => positions.get(subject.id) ?? { file, line: 1 },
  };
}

function readResources(file: string): StateResource[] {
  const wrong = (why: string) =>
    new XnaiError(
      exitCode.usage,
      `${file} is not an exported state: ${why}.`,
      "Make one with: pulumi stack export --file FILE",
    );
  let state: unknown;
  try {
    state = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw wrong((error as Error).message);
  }
  const deployment = isRecord(state) ? state.deployment : undefined;
  if (!isRecord(deployment)) throw wrong("it has no deployment");
  // A stack that has never been updated has none.
  const { resources = [] } = deployment;
  if (!Array.isArray(resources)) throw wrong("its resources are not a list");
  return resources.filter((each) => isRecord(each) && typeof each.urn === "string" && typeof each.type === "string");
}

function placeOf({ sourcePosition = "" }: StateResource, file: string): Place {
  const [, path, line] = /^project:\/\/\/(.+)#(\d+)/.exec(sourcePosition) ?? [];
  return path ? { file: path, line: Number(line) } : { file, line: 1 };
}
