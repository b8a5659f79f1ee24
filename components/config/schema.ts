// The whole configuration of a stack: the keys that every stack has, and each service's own. `Pulumi.<stack>.yaml` holds it
// under `xnai:<key>`. parse.ts reads it from Pulumi, problems.ts turns what is wrong into sentences.
import { z } from "zod";
import { checkApps } from "../apps/checks/checks.ts";
import { appKeys, appName } from "../apps/config.ts";
import { builtInRoutes } from "../caddy/config.ts";
import { services } from "../services.ts";
import { baseKeys, type StackConfig } from "./keys/base.ts";
import { alsoWhenWrong, type ConfigCheck } from "./keys/checks.ts";
import { exposureSchema } from "./keys/exposure.ts";
import { secretKeys } from "./keys/secrets.ts";

/** Secrets that can be renewed: a higher number in `rotate` makes a new value, and the service's own store follows. */
export const rotatable: readonly string[] = services
  .flatMap(({ secrets = {} }) => Object.entries(secrets))
  .map(([name, { seedOf }]) => seedOf ?? name);

const serviceKeys = services.flatMap(({ name, keys }) => (keys ? [[name, keys.prefault({})] as const] : []));
const noEgress = services.flatMap(({ name, noEgress }) => (noEgress ? [[name, noEgress] as const] : []));

/** Refuses to switch off what another service, which is on, cannot be without. */
const switches: ConfigCheck = (on, context) => {
  for (const { name, stopsWith = {} } of services)
    for (const [needed, reason] of Object.entries(stopsWith))
      if (on?.[needed] === false && on[name] !== false)
        context.addIssue({
          code: "custom",
          path: [needed],
          input: false,
          message: `${reason}: set services.${name} to false as well`,
        });
};

const base = baseKeys({
  names: services.map(({ name }) => name),
  switches,
  exposure: exposureSchema(services),
  noEgress: Object.fromEntries(noEgress),
  rotatable,
});

const checks = [...services.flatMap(({ check }) => check ?? []), checkApps(services, builtInRoutes)];

/** What apps may say of the services that they use. */
const keysForApps = services.flatMap(({ forApps }) => Object.entries(forApps?.keys ?? {}));

const presets = services.flatMap(({ name, preset }) => (preset ? [{ name, ...preset }] : []));

const preset = z
  .enum(presets.map(({ name }) => name))
  .optional()
  .describe(
    "A service of the stack as an app, a second one with data and a password of its own, in the place of image",
  );

const apps = z
  .record(
    appName,
    appKeys.extend({
      preset,
      ...Object.fromEntries([...keysForApps, ...presets.flatMap(({ keys }) => Object.entries(keys))]),
    }),
  )
  .default({})
  .describe("Containers of your own that run as services of the stack (docs/apps.md)");

/** Checks and completes what a user wrote, without the `xnai:` in front of each key. */
export const configSchema = base
  .extend({ ...Object.fromEntries(serviceKeys), secrets: secretKeys, apps })
  .superRefine((values: unknown, context) => {
    for (const check of checks) check(values as Parameters<ConfigCheck>[0], context);
  }, alsoWhenWrong) as unknown as z.ZodType<StackConfig> & Pick<typeof base, "shape">;

/** The schema of `storage` by itself: it can be checked when other keys are wrong. */
export const storageSchema = base.shape.storage;
