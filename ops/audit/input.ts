// What a report is made from, wherever it comes from: a preview, an exported state or a compose file.
import type { Finding } from "../../policies/evaluate.ts";
import type { Facts } from "../../policies/facts/model.ts";

/** A place in a file, for reports that link to it. */
export interface Place {
  /** Relative to the clone, or as the user named it. */
  file: string;
  /** From 1; 1 if the line is not known. */
  line: number;
}

export interface AuditInput {
  /** What was looked at, as the title of the report names it. */
  title: string;
  facts: Facts[];
  /** What could not be read, or was read in a way that the user should know of; one sentence each. */
  notes: string[];
  /** Where the resource of a finding is written. */
  place(finding: Finding): Place;
}
