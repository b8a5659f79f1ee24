// Lines of an event log, as the engine writes them.
import { readEvents } from "../../../../ops/pulumi/events.ts";

export const urn = (type: string, name: string) => `urn:pulumi:dev::app::${type}::${name}`;
/** A step of the engine. @param more of the state before and after, besides the inputs */
export const event = (op: string, type: string, name: string, old?: object, next?: object, more: object = {}) =>
  JSON.stringify({
    resourcePreEvent: {
      metadata: {
        op,
        type,
        urn: urn(type, name),
        old: old && { inputs: old, ...more },
        new: next && { inputs: next, ...more },
      },
    },
  });
const end = JSON.stringify({ summaryEvent: {} });
/** What is read from a log with these lines that came to its end. */
export const log = (...lines: string[]) => readEvents([...lines, end].join("\n"));
