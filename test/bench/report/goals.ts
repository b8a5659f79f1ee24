// What people expect, and what is measured for it: the rows of the table in docs/performance.md, in its order.
import { asGood, atMostSeconds, atMostTimes, type Goal, lessThanMore, noGoal } from "./goal.ts";

/** One row. */
interface Row {
  readonly what: string;
  /** What it is compared with. */
  readonly peer: string;
  readonly unit: "s" | "ms" | "/s";
  readonly goal: Goal;
}

const emptyPreview = "`pulumi preview` of an empty program";
const sameChange = "Docker Compose, the same change";
const plainContainer = "plain `docker run` of the same image";

const timed = (what: string, peer: string, goal: Goal): Row => ({ what, peer, unit: "s", goal });
const perSecond = (what: string): Row => ({ what, peer: plainContainer, unit: "/s", goal: asGood("more") });
const latency = (what: string): Row => ({ what, peer: plainContainer, unit: "ms", goal: asGood("less") });

export const goals = {
  upNothingToDo: timed("`xnai up`, nothing to do, policies on", emptyPreview, atMostTimes(4)),
  previewNoEngine: timed("`xnai preview` with policies, no engine (pull request)", emptyPreview, atMostTimes(4)),
  pack: timed(
    "what the policy pack adds to a preview of the stack",
    "what a pack without a rule adds",
    atMostTimes(1.1),
  ),
  changedRoute: timed("`xnai up` after a changed route", sameChange, atMostTimes(1.5)),
  changedRedis: timed("`xnai up` after changed Redis memory", sameChange, atMostTimes(1.5)),
  changedQdrant: timed("`xnai up` after a changed Qdrant log level", sameChange, atMostTimes(1.5)),
  upFromNothing: timed("`xnai up` from nothing, images present", "`docker compose up --wait`", atMostTimes(1.3)),
  upAgain: timed("`xnai up`, nothing to do", "`docker compose up --wait`, nothing to do", noGoal),
  down: timed("`xnai destroy`", "`docker compose down`", atMostTimes(1.2)),
  status: timed("`xnai status` of a healthy stack", "one engine call from Node", lessThanMore(0.5)),
  redisRate: perSecond("Redis, SET and GET in batches of 20, 8 connections"),
  redisLatency: latency("Redis, SET and GET, one at a time"),
  qdrantRate: perSecond("Qdrant, searches, 8 connections"),
  qdrantLatency: latency("Qdrant, searches, one at a time"),
  caddyRate: perSecond("Caddy, the landing page, 8 connections"),
  caddyLatency: latency("Caddy, the landing page, one at a time"),
  vikunjaRate: perSecond("Vikunja through Caddy, `/api/v1/info`, 8 connections"),
  vikunjaLatency: latency("Vikunja through Caddy, `/api/v1/info`, one at a time"),
  testFresh: timed("`npm test` in a fresh clone", "", atMostSeconds(26)),
  testUsed: timed("`npm test` in a used clone", "", atMostSeconds(15)),
} satisfies Record<string, Row>;

/** One row of the table. */
export type GoalName = keyof typeof goals;

export const goalNames = Object.keys(goals) as GoalName[];
