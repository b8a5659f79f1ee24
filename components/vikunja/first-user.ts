// Vikunja's first user, made through its own API: a short-lived second process of the image, whose registration is open,
// answers on the loopback of a container of its own. The password is in no argument, no environment and no file. Pure.
import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ownerOf, type StackConfig } from "../config/keys/base.ts";
import { scratch } from "../definition/container.ts";
import type { Answer, HttpTask, Talk } from "../definition/task.ts";
import { defaultMemoryMiB, vikunjaEnv, vikunjaFiles } from "./environment.ts";

const port = 3456;

/**
 * The password after `rotation` renewals. Vikunja changes one only for who knows the one before, so each can be made again
 * from the seed; none can be made from another.
 */
export const userPassword = (seed: string, rotation: number) =>
  createHmac("sha256", seed).update(`vikunja user ${rotation}`).digest("hex").slice(0, 40);

/** How many renewals may have been missed by a database that comes from a backup. */
const rememberedPasswords = 5;

/** Renewals whose password the user may still have, the latest first. */
const earlierRotations = (rotation: number) =>
  Array.from({ length: Math.min(rotation, rememberedPasswords) }, (_, index) => rotation - 1 - index);

/** The secret from which every password of the first user is made. It is not renewed: the passwords are. */
export const seedName = "vikunjaUserSeed";

/** How often the first user's password has been renewed. */
export const passwordRotation = (config: StackConfig) => config.rotate.vikunjaUserPassword ?? 0;

/** Codes of Vikunja's errors: pkg/user/error.go. */
const nameTaken = 1001;
const addressTaken = 1002;

function code({ body }: Answer): number | undefined {
  try {
    return (JSON.parse(body) as { code?: number }).code;
  } catch {
    return undefined;
  }
}

const refusal = ({ status, body }: Answer, what: string) =>
  new Error(`Vikunja answers ${status} to ${what}: ${body.slice(0, 300)}`);

/** Makes the user unless there is one of that name. @returns whether it did */
async function register({ http, config, secrets, say }: Talk): Promise<boolean> {
  const { name, email } = config.vikunja.user;
  const password = userPassword(secrets[seedName] as string, passwordRotation(config));
  const answer = await http.ask("POST", "/api/v1/register", { username: name, email, password });
  if (answer.status === 200) {
    say(`Vikunja: new user ${name}`);
    return true;
  }
  if (answer.status === 400 && code(answer) === addressTaken)
    throw new Error(
      `another user of Vikunja has the mail address of the first user, ${email}: set vikunja.user.email to another one`,
    );
  if (answer.status !== 400 || code(answer) !== nameTaken) throw refusal(answer, `the registration of ${name}`);
  return false;
}

/** Gives the user the present password, if it has one of those that the stack gave it before. */
async function renewPassword({ http, config, secrets, say }: Talk): Promise<void> {
  const { name: username } = config.vikunja.user;
  const rotation = passwordRotation(config);
  const passwordOf = (number: number) => userPassword(secrets[seedName] as string, number);
  const logIn = (password: string) => http.ask("POST", "/api/v1/login", { username, password });
  if ((await logIn(passwordOf(rotation))).status === 200) return;
  for (const earlier of earlierRotations(rotation)) {
    const answer = await logIn(passwordOf(earlier));
    if (answer.status !== 200) continue;
    const { token } = JSON.parse(answer.body) as { token: string };
    const passwords = { old_password: passwordOf(earlier), new_password: passwordOf(rotation) };
    const changed = await http.ask("POST", "/api/v1/user/password", passwords, { Authorization: `Bearer ${token}` });
    if (changed.status !== 200) throw refusal(changed, `the new password of ${username}`);
    say(`Vikunja: new password for ${username}`);
    return;
  }
  say(`Vikunja: ${username} has a password of their own, which stays`);
}

/** How long the instance may take to answer, milliseconds. */
const answersWithinMs = 60_000;
const pollMs = 100;

async function untilItAnswers({ http }: Talk): Promise<void> {
  let said = "nothing";
  for (const deadline = Date.now() + answersWithinMs; Date.now() < deadline; await sleep(pollMs)) {
    try {
      const { status } = await http.ask("GET", "/api/v1/info");
      if (status === 200) return;
      said = `${status}`;
    } catch {
      // It does not listen yet.
    }
  }
  throw new Error(`the process of Vikunja that makes the first user answers ${said} after ${answersWithinMs / 1000} s`);
}

/** Makes the first user, and renews its password. */
export const firstUser: HttpTask = {
  name: "vikunja-user",
  title: "making Vikunja's first user",
  port,
  secrets: () => [seedName],
  wanted: (config) => {
    const { name, email } = config.vikunja.user;
    return { name, email, rotation: `${passwordRotation(config)}` };
  },
  instance: (config) => {
    const { uid, gid } = ownerOf(config, "vikunja");
    return {
      command: ["web"],
      env: {
        ...vikunjaEnv(config),
        VIKUNJA_SERVICE_ENABLEREGISTRATION: "true",
        VIKUNJA_SERVICE_INTERFACE: `127.0.0.1:${port}`,
      },
      tmpfs: {
        "/tmp": scratch(16),
        [vikunjaFiles]: `rw,noexec,nosuid,nodev,size=1m,mode=0700,uid=${uid},gid=${gid}`,
      },
      memoryMiB: defaultMemoryMiB,
      network: "db",
      stopSignal: "SIGINT",
    };
  },
  run: async (talk) => {
    await untilItAnswers(talk);
    const made = await register(talk);
    if (!made && passwordRotation(talk.config) > 0) await renewPassword(talk);
  },
};
