// Vikunja's first user, made through its own API: a short-lived second process of the image, whose registration is open,
// answers on the loopback of a container of its own. The password is in no argument, no environment and no file. Pure.
import { createHmac } from "node:crypto";
import { ownerOf, type StackConfig } from "../config/keys/base.ts";
import type { Client } from "../definition/clients.ts";
import { scratch } from "../definition/container.ts";
import type { HttpTask, Issuing, Talk } from "../definition/task.ts";
import { errorCode, port, refusal, Session, untilItAnswers } from "./api.ts";
import { type FirstSession, issueToken, keepApps, projectsOf, seedName, tokenClients } from "./apps.ts";
import { defaultMemoryMiB, vikunjaEnv, vikunjaFiles } from "./environment.ts";

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

/** How often the first user's password has been renewed. */
export const passwordRotation = (config: StackConfig) => config.rotate.vikunjaUserPassword ?? 0;

/** Codes of Vikunja's errors: pkg/user/error.go. */
const nameTaken = 1001;
const addressTaken = 1002;

/** Makes the user unless there is one of that name. @returns whether it did */
async function register({ http, config, secrets, say }: Talk): Promise<boolean> {
  const { name, email } = config.vikunja.user;
  const password = userPassword(secrets[seedName] as string, passwordRotation(config));
  const answer = await http.ask("POST", "/api/v1/register", { username: name, email, password });
  if (answer.status === 200) {
    say(`Vikunja: new user ${name}`);
    return true;
  }
  if (answer.status === 400 && errorCode(answer) === addressTaken)
    throw new Error(
      `another user of Vikunja has the mail address of the first user, ${email}: set vikunja.user.email to another one`,
    );
  if (answer.status !== 400 || errorCode(answer) !== nameTaken) throw refusal(answer, `the registration of ${name}`);
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

/** The first user, as long as it has a password that the stack gave it. */
export const firstSession: FirstSession = ({ http, config, secrets }) =>
  Session.logIn(http, config.vikunja.user.name, userPassword(secrets[seedName] as string, passwordRotation(config)));

/** Makes the first user, renews its password, and keeps what apps have in step with them. */
export const firstUser: HttpTask = {
  name: "vikunja-user",
  title: "making Vikunja's first user",
  port,
  secrets: () => [seedName],
  wanted: (config) => {
    const { name, email } = config.vikunja.user;
    const apps = tokenClients(config).map((client) => `${client.name} (${projectsOf(client).join(", ")})`);
    return {
      name,
      email,
      rotation: `${passwordRotation(config)}`,
      ...(apps.length > 0 && { apps: apps.join(", ") }),
    };
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
    await untilItAnswers(talk.http, "makes the first user");
    const made = await register(talk);
    if (!made && passwordRotation(talk.config) > 0) await renewPassword(talk);
    await keepApps(talk, firstSession);
  },
};

/** How an app gets its token: through the same process. */
export const tokenFor = (client: Client): Issuing => ({
  ...firstUser,
  title: `issuing the token of ${client.name}`,
  run: (talk) => issueToken(talk, client, firstSession),
});
