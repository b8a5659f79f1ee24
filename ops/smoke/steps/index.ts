// All steps of `xnai smoke`, in their order: first each service by itself, then what goes through all of them.
import type { StackConfig } from "../../../components/config/keys/base.ts";
import type { Step } from "../step.ts";
import { consulSteps } from "./consul.ts";
import { flowSteps } from "./flow.ts";
import { qdrantSteps } from "./qdrant.ts";
import { redisSteps, restartStep } from "./redis.ts";
import { routeSteps } from "./routes.ts";
import { vikunjaSteps } from "./vikunja.ts";

export { restartStep };

/** The steps of a stack; some of them only apply to another configuration. */
export const stepsOf = (config: StackConfig): Step[] => [
  ...redisSteps,
  restartStep,
  ...consulSteps,
  ...qdrantSteps,
  ...vikunjaSteps,
  ...routeSteps(config),
  ...flowSteps,
];
