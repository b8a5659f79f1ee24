// What the stack is tried with on each engine: the rows of docs/engines.md, in their order.

/** Steps that are known to fail on an engine, and why. They are run all the same: one that holds by now is an error. */
export type DoesNotHold = Partial<Record<StepName, string>>;

export const steps = {
  up: "first up: every service answers",
  quiet: "second up: nothing to do",
  refresh: "refresh: nothing has drifted",
  edit: "an edit restarts what reads it, and nothing else",
  app: "an app of yours with a login in Redis, a database, a route and data comes and goes, and its data stays",
  incident: "data of another owner is given back, and nothing of it is lost",
  control: "an ordinary container reaches the outside, so that the next rows can fail",
  egress: "no container of the stack reaches the outside, by address or by name",
  own: "no container of yours on the stack's network reaches it by address",
  ownNames: "none of yours on that network has a name looked up outside",
  destroy: "destroy keeps the data, and the next up has it",
  data: "destroy --data leaves nothing",
  directories: "directories (`storage.root`) belong to whom moving.md says, and are read as it says",
  moved: "moved here from Docker by the words of moving.md, the stack has its data",
  reboot: "after a reboot everything is back by itself",
} as const;

export type StepName = keyof typeof steps;

/** Steps that most engines do not have, and why. */
export const special: Partial<Record<StepName, string>> = {
  app: "the tests of apps are run on Docker of this machine",
  directories:
    "directories belong to another number where Podman runs without root, and to the owner himself elsewhere",
  moved: "tried with one engine of the other kind",
  reboot: "tried where there is systemd, with the engine that needs it for that",
};
