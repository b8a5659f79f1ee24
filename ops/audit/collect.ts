// Where a report's facts come from: a preview, an exported state, a compose file. All give the same.
import type { Finding } from "../../policies/evaluate.ts";
import type { Facts } from "../../policies/facts/model.ts";

/** A place in a file, for reports that link to it. */
export interface Place {
  /** Relative to the clone, or as the user named it. */
  file: string;
  line: number;
}

export interface Collected {
  /** What was looked at, as the report's title names it. */
  title: string;
  facts: Facts[];
  /** What could not be read, or was read in a way that the user should know of; one sentence each. */
  notes: string[];
  /** Where a finding's resource is written. */
  place(finding: Finding): Place;
}
