// What the rest of the time is, where a goal is missed, and the next idea: written by hand after a look at a profile. Only
// those of goals that the last run has missed are on the page.
import type { GoalName } from "./goals.ts";

const waits = `The provider waits two seconds after it has made or removed a network or a volume before it looks whether that is done
(\`networkReadRefreshDelay\`, \`networkRemoveRefreshDelay\` in terraform-provider-docker). Next: ask its project to look at once.`;

const twice = `Pulumi judges the whole preview before it changes anything, so that the program and the policy pack start twice. One changed
route takes 9.8 s of processor time: 3.4 s the program, 2.1 s the pack, 2.0 s the CLI, 1.3 s the two providers, 0.8 s the command`;

const fromNothing = `${twice},
and making all 74 resources not much more: a second for the bcrypt hashes that the provider makes of a dozen passwords.

${waits}

Each service is prepared and waited for until it answers, in the order in which they need each other; Compose prepares nothing
and starts what nothing depends on at once.`;

const down = `Of each run the command, the CLI and the providers take 2.3 s of processor time before and while they ask the engine.

${waits} Networks and volumes are removed side by side for that reason.

What follows a service is stopped before it, Vikunja before Postgres, each gracefully.`;

const processes = `Of 5.2 s of processor time (an empty program's preview takes 0.8 s) the program takes 1.8 s, the policy pack 1.2 s, the CLI 1.0 s,
providers and command 0.5 s each. They start one after the other: the pack waits for the CLI, the program for the pack. Of the
program's own (\`node --cpu-prof\`) a third is loading modules, a tenth the rules; most of the rest is gRPC and protobuf for 74
resources. A larger semi-space, Go with fewer collections, and no V8 inspector in the SDK were tried, and changed nothing that could be
measured; one file with all modules of the program saved 3 % and is not worth its making. Next: fewer resources, since program, pack
and CLI all pay for each.`;

const changed = `${twice}.
Compose reads one file, and starts one container. Next: leave the pack away in the second
run, once the program itself decides everything that the pack decides only there.`;

const pack = `Our pack takes 1.1 s of processor time, one without a rule 1.0 s. Half of that is Node with Pulumi's SDK, which for ours is loaded in
part only (\`lib/lazy-modules.ts\`); the other half is answering for 74 resources, with rules or without. Next: one process for both, which needs a pack that Pulumi
loads into the program's own.`;

const status = `It loads the command (0.4 s of processor time; a program that makes one call takes 0.2 s), and runs the health check of each
service and the two questions about warnings inside the containers, side by side: eight processes that the engine starts. Next: ask
those that have a published port through it.`;

const tests = `It is processor time, which both cores share. The longest are all cases of all rules, reviews of every edit, the workflows' own
scripts, and processes of the command. A compile cache, native modules instead of vitest's own and a larger semi-space were
tried, and changed nothing that could be measured. Next: hold each case of a rule to that rule alone, and to all of them once.`;

/** Markdown, a paragraph or a list each. */
export const reasons: Partial<Record<GoalName, string>> = {
  previewNoEngine: processes,
  pack,
  changedRoute: changed,
  changedRedis: changed,
  changedQdrant: changed,
  upFromNothing: fromNothing,
  down,
  status,
  testFresh: tests,
  testUsed: tests,
};
