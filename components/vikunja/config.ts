// Vikunja's keys in the configuration: `xnai:vikunja`.
import { z } from "zod";

const userName = /^(?!link-share-\d+$|bot-|xnai-apps$)[A-Za-z0-9._-]{3,64}$/;
const mail = /^[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/;
const hostName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;

export const vikunjaKeys = z.strictObject({
  host: z
    .string()
    .regex(hostName, "a host name with a dot, such as vikunja.localhost")
    .default("vikunja.localhost")
    .describe(
      "Host name of the web UI, which cannot live under a path; *.localhost is known to browsers only (exposure.vikunja)",
    ),
  user: z
    .strictObject({
      name: z
        .string()
        .regex(
          userName,
          "3 to 64 letters, digits, dots, hyphens or underscores; not link-share-N, bot-... or xnai-apps",
        )
        .default("xnai")
        .describe("Name of the first user, who is made when there is none of that name"),
      email: z
        .string()
        .regex(mail, "a mail address, such as me@example.org")
        .default("xnai@vikunja.localhost")
        .describe("Mail address of the first user; no mail is sent"),
    })
    .prefault({}),
  scriptHashes: z
    .array(z.string().regex(/^sha256-[A-Za-z0-9+/]{43}=$/, "a hash as in a Content-Security-Policy: sha256-..."))
    .default([])
    .describe("Further inline scripts that the page may run, for an image other than the stack's"),
});

/** What an app may say of Vikunja: `xnai:apps.<name>.vikunja`. */
export const vikunjaForApps = z
  .strictObject({
    projects: z
      .array(z.string().trim().min(1).max(250))
      .describe("Titles of the first user's projects in which it may read and write tasks; made if they are not there"),
  })
  .describe("Its user in Vikunja, which sees no project unless named here");

export type VikunjaConfig = z.infer<typeof vikunjaKeys>;

declare module "../config/keys/base.ts" {
  interface ServiceKeys {
    vikunja: VikunjaConfig;
  }
  interface KeysForApps {
    vikunja?: z.infer<typeof vikunjaForApps> | undefined;
  }
}
