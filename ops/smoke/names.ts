// What a run of `xnai smoke` calls whatever it makes, and how a later one knows what one that was killed has left. Pure.
import { randomBytes } from "node:crypto";

const prefix = "xnai-smoke-";
const form = /^xnai-smoke-([0-9a-z]{8,9})-[0-9a-f]{6}(?![0-9a-z])/;

/** Longer than any run takes, milliseconds. */
const staleAfterMs = 15 * 60_000;

/** A name that no other run has: `xnai-smoke-mgx3k2p1-09af3c`. @param now milliseconds */
export const newName = (now: number): string => `${prefix}${now.toString(36)}-${randomBytes(3).toString("hex")}`;

/** Whether something carries the name of a run that can no longer be at work. */
export function isLeftover(name: string, now: number): boolean {
  const [, time] = form.exec(name) ?? [];
  return time !== undefined && now - Number.parseInt(time, 36) > staleAfterMs;
}
