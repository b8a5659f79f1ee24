// What a step of `xnai smoke` is, and what it has to work with.
import type { Redis } from "ioredis";
import type { StackConfig } from "../../components/config/keys/base.ts";
import type { HttpClient } from "../clients/http.ts";
import type { Vikunja } from "../clients/vikunja.ts";

/** A published port that a step goes through: service and key of the port in its definition. */
export type Door = "caddy.port" | "caddy.vikunja" | "redis.port" | "consul.port" | "qdrant.port" | "qdrant.grpcPort";

/** What the steps share. */
export interface Bus {
  config: StackConfig;
  /**
   * Part of the name of whatever this run makes: lower-case letters, digits and hyphens, with the time of the run in it, so that a
   * later run knows what one that was killed has left.
   */
  name: string;
  /** Where this machine reaches a service. */
  at: (door: Door) => { host: string; port: number };
  /** Connected when it is first asked for; `redis(true)` is a connection of its own, for what is subscribed. */
  redis: (own?: boolean) => Promise<Redis>;
  /** The front door. */
  door: HttpClient;
  /** Vikunja's pages, where they have a port of their own. */
  pages: HttpClient;
  consul: HttpClient;
  qdrant: HttpClient;
  qdrantKey: string;
  vikunja: () => Promise<Vikunja>;
  /** Restarts a service's container, and returns once the engine has done so. */
  restart: (service: string) => Promise<void>;
  /** Whether a container that has that name on the stack's network is there, and runs. */
  container: (name: string) => Promise<"running" | "stopped" | "absent">;
  /** Whether a service is a stand-in, as its image says. */
  isStandIn: (service: string) => boolean;
  /** To be called before something is made that must not stay: it is taken away again when the step ends, however it ends. */
  undo: (what: string, work: () => Promise<unknown>) => void;
  /** @throws Stopped when somebody has stopped the command */
  check: () => void;
}

export interface Step {
  /** The service whose work it shows. */
  service: string;
  /** What works when it passes. */
  title: string;
  /** Services besides its own that have to be on. */
  needs?: string[];
  doors: Door[];
  /** @returns what is worth saying of it @throws NotRun, or whatever is wrong */
  run: (bus: Bus) => Promise<string | undefined>;
}

/** That a step does not apply, and why. */
export class NotRun extends Error {}

/** That something is not as it should be. */
export class Wrong extends Error {}

/** @throws Wrong */
export function expectThat(right: boolean, otherwise: string): asserts right {
  if (!right) throw new Wrong(otherwise);
}

const pollMs = 100;

/**
 * Asks until the answer is right.
 * @param what comes after "still not" in the error: `passing`
 * @throws Wrong
 */
export async function until<T>(
  { check }: Pick<Bus, "check">,
  what: string,
  withinSeconds: number,
  ask: () => Promise<T>,
  right: (answer: T) => boolean,
): Promise<T> {
  for (const end = Date.now() + withinSeconds * 1000; ; ) {
    check();
    const answer = await ask();
    if (right(answer)) return answer;
    expectThat(Date.now() < end, `after ${withinSeconds} s still not ${what}`);
    await new Promise((done) => setTimeout(done, pollMs));
  }
}
