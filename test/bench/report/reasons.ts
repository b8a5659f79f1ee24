// What the rest of the time is, where a goal is missed, and the next idea: written by hand after a look at a profile. Only
// those of goals that the last run has missed are on the page.
import type { GoalName } from "./goals.ts";

const networks = `The provider waits two seconds after it has made or removed a network before it looks whether that is done
(\`networkReadRefreshDelay\`, \`networkRemoveRefreshDelay\` in terraform-provider-docker). Next: ask its project to look at once.`;

const fromNothing = `${networks}

Each service is prepared and waited for until it answers, in the order in which they need each other; Compose prepares nothing
and starts what nothing depends on at once.`;

const down = `${networks}

What follows a service is stopped before it, Vikunja before Postgres, each gracefully.`;

const processes = `Four processes start, one after the other, where an empty program has two: the command, the CLI, the program, the policy
pack. Of the program's own processor time in one preview (\`node --cpu-prof\`) a tenth each is garbage collection, loading modules, and the rules; most of the rest is gRPC and protobuf for
74 resources. Next: a semi-space of 32 MiB for the program, if a quiet machine shows that it is worth its memory.`;

const changed = `Pulumi judges the whole preview before it changes anything, so that the program and the policy pack start twice; Compose reads
one file. Next: leave the pack away in the second run, once the program itself decides everything that the pack decides only there.`;

const tests = `It is processor time, which both cores share. The longest are all cases of all rules, reviews of every edit, the workflows' own
scripts, and processes of the command. A compile cache, native modules instead of vitest's own and a larger semi-space were
tried, and changed nothing that could be measured. Next: hold each case of a rule to that rule alone, and to all of them once.`;

/** Markdown, a paragraph or a list each. */
export const reasons: Partial<Record<GoalName, string>> = {
  previewNoEngine: processes,
  changedRoute: changed,
  changedRedis: changed,
  changedQdrant: changed,
  upFromNothing: fromNothing,
  down,
  testFresh: tests,
  testUsed: tests,
};
