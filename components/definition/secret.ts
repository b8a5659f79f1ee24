// Secrets as a definition speaks of them: by name. Their values exist only while Pulumi runs (engine/secrets.ts).
import { createHash } from "node:crypto";

/** A generated secret of letters and digits. */
export interface Secret {
  /** Characters; 32 are 190 bits. @default 32 */
  length?: number;
  /** In which form the service takes it. @default as it is */
  format?: (text: string) => string;
  /** Its name in `xnai:rotate` is this one's instead: it is itself not renewed, but what is made from it is. */
  seedOf?: string;
  /** Another number makes a new value. @default what `xnai:rotate` says under its name */
  rotation?: number;
  /** It is made anew by the first `up` after each so many days, counted from 1970. @default never by itself */
  renewedEveryDays?: number;
  /** The component, below the service's, that it belonged to in stacks of an earlier version: they keep its value. */
  formerParent?: { type: string; name: string };
}

/** Text that is made from secrets. */
export interface SecretText {
  /** Names of the secrets. */
  secrets: readonly string[];
  /** Pure: the text, given their values in the same order. */
  render: (...values: string[]) => string;
  /** The fewest bytes that it may have, for a file without which the service would start unprotected. @default 1 */
  minimumBytes?: number;
  /** What counts of a file that the service takes in partly while it runs. @default a change of any of it restarts it */
  parts?: FileParts;
}

/** Of a file in parts: what is in neither part is only written along. */
export interface FileParts {
  /** A change restarts the service. */
  restart: FileContent;
  /** A change is taken in while it runs (`Reload`). */
  live?: FileContent;
}

/** Content of a file: in plain, where policies and previews may read it, or with secrets in it. */
export type FileContent = string | SecretText;

/** Text made from secrets: `secretText(["redisPassword"], (password) => ...)`. */
export function secretText<const N extends readonly string[]>(
  secrets: N,
  render: (...values: { [K in keyof N]: string }) => string,
  minimumBytes?: number,
): SecretText {
  return { secrets, render: render as SecretText["render"], ...(minimumBytes !== undefined && { minimumBytes }) };
}

/** A secret as it is. */
export const secretItself = (name: string, minimumBytes?: number): SecretText =>
  secretText([name], (value) => value, minimumBytes);

/** SHA-256 in hex, as Redis' ACL files take passwords. */
export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** A secret (or a name) as a UUID, for software that insists on that form: 128 bits of its SHA-256. */
export const uuidFrom = (text: string) => sha256(text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
