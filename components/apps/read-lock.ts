// Reads and writes `Pulumi.<stack>.lock.yaml`.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseDocument, stringify } from "yaml";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { replaceFile } from "../../lib/replace-file.ts";
import { type Lock, lockFile, lockSchema, noLock } from "./lock.ts";

/** What the lock file of a stack says; nothing when there is none. @throws XnaiError (usage) when it cannot be used */
export function readLock(folder: string, stack: string): Lock {
  const file = join(folder, lockFile(stack));
  if (!existsSync(file)) return noLock;
  const document = parseDocument(readFileSync(file, "utf8"));
  const parsed = lockSchema.safeParse(document.toJS() ?? {});
  const [problem] = [...document.errors.map(({ message }) => message), ...(parsed.error?.issues ?? []).map(inWords)];
  if (problem === undefined && parsed.success) return parsed.data;
  throw new XnaiError(
    exitCode.usage,
    `${lockFile(stack)} cannot be used: ${problem}`,
    "Nothing was changed. Take the file of before (git checkout), or remove it: npm run up writes it anew.",
  );
}

const inWords = ({ path, message }: { path: PropertyKey[]; message: string }) =>
  `${path.map(String).join(".")}: ${message}`;

const heading = `# What the images of this stack's apps are, written by npm run up. Commit it; remove an entry to look at its image anew.
`;

/** Writes it, its entries in order; without any there is no file. */
export function writeLock(folder: string, stack: string, { images }: Lock): void {
  const file = join(folder, lockFile(stack));
  if (Object.keys(images).length === 0) {
    rmSync(file, { force: true });
    return;
  }
  const sorted = Object.fromEntries(Object.entries(images).toSorted(([a], [b]) => a.localeCompare(b)));
  replaceFile(file, `${heading}${stringify({ images: sorted }, { lineWidth: 0 })}`, 0o644);
}
