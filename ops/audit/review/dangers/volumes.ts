// What becomes of data.
import { configRole, label } from "../../../../lib/labels.ts";
import { lookup } from "../../../../policies/facts/identity.ts";
import type { VolumeFacts } from "../../../../policies/facts/model.ts";
import type { Danger } from "./danger.ts";

/** Data that goes, or will go with a destroy. A volume with configuration files is written anew by every `up`. */
export function volumeDangers(old: VolumeFacts, next: VolumeFacts | undefined, replaced: boolean): Danger[] {
  if (lookup(old.labels, label.role) === configRole) return [];
  const about = old.label;
  if (next && !replaced) {
    if (!old.retained || next.retained !== false) return [];
    return [{ rank: 1, about, text: ["Volume", " is no longer retained: a destroy would delete its data."] }];
  }
  const fate = old.retained ? "its data stays on the engine, but nothing uses it any more" : "its data is deleted";
  return [{ rank: old.retained ? 2 : 0, about, text: ["Volume", ` is ${next ? "replaced" : "removed"}: ${fate}.`] }];
}
