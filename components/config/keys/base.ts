// The configuration keys that every stack has, whichever services it consists of: defaults, units, limits. A service's own
// keys (`xnai:redis`) stand in its folder, in config.ts; schema.ts puts all of them together.
import { z } from "zod";
import { engineTraits } from "../../../lib/engine/traits.ts";
import { alsoWhenWrong, type ConfigCheck } from "./checks.ts";
import type { Exposure } from "./exposure.ts";

const id = (what: string) =>
  z
    .int()
    .min(1, `${what} 0 is root: name an ordinary ${what}, such as 1000`)
    .max(4_294_967_294)
    .describe(`Numeric ${what}; never 0`);

export const owner = z.strictObject({
  uid: id("uid").default(1000),
  gid: id("gid").default(1000),
});
export type Owner = z.infer<typeof owner>;

const resources = z.strictObject({
  memoryMiB: z.int().min(16).optional().describe("Hard memory limit in MiB, swap included"),
  cpus: z.number().min(0.1).max(128).optional().describe("CPU limit, in cores"),
  nofile: z.int().min(256).max(1_048_576).optional().describe("Open files; not above what the engine may grant"),
  pids: z.int().min(16).max(4_194_304).optional().describe("Processes and threads"),
});

const imageReference = z.string().regex(/^\S+:\S+$/, "a reference with a tag, such as redis:8.2.3-alpine@sha256:...");

/** What the keys are made from: everything that depends on which services there are. */
export interface BaseKeyParts {
  /** Names of the services. */
  names: readonly string[];
  /** What must hold between the switches of `services`. */
  switches: ConfigCheck;
  exposure: z.ZodType<Exposure>;
  /** Service that may not have a way outside -> why. */
  noEgress: Record<string, string>;
  /** Secrets that can be renewed. */
  rotatable: readonly string[];
}

/** The keys of `Pulumi.<stack>.yaml`, without the `xnai:` in front of each. */
export function baseKeys({ names, switches, exposure, noEgress, rotatable }: BaseKeyParts) {
  const perService = <T extends z.ZodType>(value: T) =>
    z.strictObject(Object.fromEntries(names.map((name) => [name, value])) as Record<string, T>);
  return z.strictObject({
    prefix: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,19}$/, "1 to 20 characters: lower-case letters, digits and hyphens, a letter first")
      .default("xnai")
      .describe("First part of every name that the stack creates on the engine"),
    owner: owner.prefault({}).describe("Who runs the services and owns everything they write"),
    owners: perService(owner.optional()).partial().default({}).describe("Another owner for one service"),
    storage: z
      .strictObject({
        root: z
          .string()
          .regex(
            /^(\/(?!\.\.?(\/|$))[^\p{Cc}:/]+)+$/u,
            "an absolute path without colons, doubled slashes, . or .., such as /srv/xnai",
          )
          .optional()
          .describe("Keep data in directories below this one instead of in Docker volumes"),
      })
      .default({}),
    services: perService(z.boolean().default(true))
      .superRefine(switches as never, alsoWhenWrong)
      .prefault({})
      .describe("Services that run; false keeps the data"),
    exposure: exposure.prefault({}),
    egress: z
      .array(
        z.enum(names).superRefine((name, context) => {
          const reason = noEgress[name];
          if (reason) context.addIssue({ code: "custom", message: reason, input: name });
        }),
      )
      .default([])
      .describe("Services that may reach the internet"),
    egressOpenToLink: z
      .boolean()
      .default(false)
      .describe("Accept that with an engine before 28 machines on the same link reach the services under egress, too"),
    images: z
      .strictObject({
        source: z.enum(["hub", "local"]).default("hub").describe("Where images come from; decided once per stack"),
        allowStandIns: z
          .boolean()
          .default(false)
          .describe("Run stand-ins for what cannot be built here, in a stack other than dev: only to try it out"),
        refs: perService(imageReference.optional())
          .partial()
          .default({})
          .describe("A reference of your own for a service, instead of the stack's"),
      })
      .prefault({}),
    resources: perService(resources.optional())
      .partial()
      .default({})
      .describe("Limits of a service, over its defaults"),
    engine: engineTraits.prefault({}).describe("What the engine is; up writes it where it is not Docker with root"),
    rotate: z
      .partialRecord(z.enum(rotatable), z.int().min(0))
      .default({})
      .describe("Raise a number to renew that secret"),
    taskTimeoutSeconds: z.int().min(30).max(86_400).default(600).describe("How long one task may take"),
    policy: z
      .record(z.string(), z.unknown())
      .default({})
      .describe("Parameters of the policy pack, see docs/policies.md"),
  });
}

/** Each service adds its own keys to this interface, in its config.ts, so that `config.redis` is known to have a type. */
// biome-ignore lint/suspicious/noEmptyInterface: see above
export interface ServiceKeys {}

/** What apps may say of a service that they use: each service adds its keys, in its config.ts. */
// biome-ignore lint/suspicious/noEmptyInterface: see above
export interface KeysForApps {}

/** The configuration of a stack, parsed and with its defaults. */
export type StackConfig = z.infer<ReturnType<typeof baseKeys>> & { [Name in keyof ServiceKeys]: ServiceKeys[Name] };

/** Where the limits of one service are set, or of an app. */
export const limitsKey = ({ apps }: StackConfig, service: string): string =>
  apps[service] ? `apps.${service}.limits` : `resources.${service}`;

/** The owner of one service: its own, else the stack's. */
export function ownerOf(config: StackConfig, service: string): Owner {
  return config.owners[service] ?? config.owner;
}
