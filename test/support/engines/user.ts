// The user whom an engine without root belongs to, on its machine: a stack of the tests is theirs then, and so are its commands.
import { join } from "node:path";
import { execa } from "execa";
import { user } from "./catalogue.ts";

/** Folder of the machine, in the environment of tests whose engine belongs to its user. */
export const userVariable = "XNAI_TEST_USER_OF";

/** That folder; undefined where the tests' engine belongs to root. */
export const machineOfUser = process.env[userVariable];

/** A command as the user, with nothing of the caller's environment but what is given. To be run on that machine. */
export function asUser(
  machine: string,
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): [string, ...string[]] {
  const variables = Object.entries({
    HOME: join(machine, "home"),
    USER: user.name,
    PATH: `${join(machine, "checkout/node_modules/node/bin")}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`,
    XDG_RUNTIME_DIR: `/run/user/${user.uid}`,
    ...env,
  }).map(([name, value]) => `${name}=${value}`);
  const ids = [`--reuid=${user.uid}`, `--regid=${user.uid}`, "--init-groups"];
  return ["setpriv", ...ids, "env", "--ignore-environment", ...variables, ...command];
}

/** The checkout as the user reaches it: where it really is may be closed to others. */
export const checkoutOfUser = (machine: string) => join(machine, "checkout");

/** Gives a folder and what is in it to the user. */
export const giveToUser = (folder: string) => execa("chown", ["-R", `${user.uid}:${user.uid}`, folder]);
