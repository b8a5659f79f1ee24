// What runs to its end once for each change of it, such as a migration: confined as a service is, on its networks and with its
// files, but for the program to start and to wait for.
import type * as pulumi from "@pulumi/pulumi";
import { type Damage, damageIn } from "../../definition/damage.ts";
import { onceTitle, setupTaskName } from "../../definition/names.ts";
import { quoted } from "../api/output.ts";
import { defaultPids } from "../hardening.ts";
import type { JoinedNetwork } from "../networks.ts";
import { limitsOf, onceContainer } from "../service-container.ts";
import { named } from "../service-spec.ts";
import { follows, Marker } from "./marker.ts";
import { runToEnd } from "./run.ts";
import type { Around } from "./service-tasks.ts";
import type { Task } from "./task.ts";

/** What it is made with besides what is around every service. */
interface OnceArgs extends Omit<Around, "data" | "configStore"> {
  networks: (JoinedNetwork & { alias: string })[];
  /** Prepares its data and files: it is done again behind that. */
  prepare: Task;
}

/** The marker of one that has ended well. */
export function onceTask(
  { spec, args, networks, volumes, prepare }: OnceArgs,
  opts: pulumi.CustomResourceOptions & { dependsOn: pulumi.Resource[] },
): Marker {
  const { service, damage } = spec;
  const { config, engine, images, state } = args;
  const image = images.get(service);
  const container = onceContainer(config, spec, { image: image.ref, volumes, networks });
  const { pids = defaultPids } = limitsOf(config, spec);
  return new Marker(
    setupTaskName(named(spec)),
    {
      title: onceTitle(service),
      keepers: {
        container: JSON.stringify(container),
        ...(pids !== defaultPids && { pids: `${pids}` }),
        follows: follows([prepare]),
      },
      work: async (say) => {
        const lines = await runToEnd(engine, {
          container,
          pids,
          deadlineSeconds: config.taskTimeoutSeconds,
          state,
          limits: config.engine.limits,
          say,
          explain: (code, said) => failure(service, code, said, damage),
        });
        return [`${service} has run to its end. ${quoted(lines)}`];
      },
    },
    { ...opts, dependsOn: [prepare, image.resource, ...networks.map(({ resource }) => resource), ...opts.dependsOn] },
  );
}

/** In its own words, and with the line of the configuration that helps, where one is known. Pure. */
export function failure(service: string, code: number, lines: string[], damage: readonly Damage[] = []): string {
  const known = damageIn(lines, damage);
  const fix = known ? `\n${known.what}. ${known.fix}` : "";
  return `${service} ended with exit code ${code}. ${quoted(lines)}${fix}\nWhat needs it goes on as it was. Correct it; the next up runs it again.`;
}
