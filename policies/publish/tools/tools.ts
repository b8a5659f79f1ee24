// The tools that this pack is compared with, in the order of docs/policies.md.
import { cis } from "./cis.ts";
import { composeLint } from "./compose-lint.ts";
import { dclint } from "./dclint.ts";
import { kics } from "./kics.ts";
import { semgrep } from "./semgrep.ts";
import type { Tool } from "./tool.ts";

/** Those that read compose files. */
export const linters: Tool[] = [kics, semgrep, dclint, composeLint];

export const tools: Tool[] = [cis, ...linters];
