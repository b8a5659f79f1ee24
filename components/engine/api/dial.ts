// Calls that dockerode has no method for, or makes otherwise.
import type Docker from "dockerode";

/** A call in docker-modem's words. */
export type Call = Parameters<Docker["modem"]["dial"]>[0];

/** Makes a call. @throws Error with the engine's answer and its `statusCode` */
export const dial = <T>(docker: Docker, call: Call): Promise<T> =>
  new Promise((done, failed) =>
    docker.modem.dial(call, (error: Error | null, answer: unknown) => (error ? failed(error) : done(answer as T))),
  );
