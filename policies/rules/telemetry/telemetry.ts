// Zero telemetry: no product of the stack calls home. What each of them needs for that is in tables/telemetry/.
import { z } from "zod";
import { identities, isTaskWithoutNetwork } from "../../facts/identity.ts";
import { parseImage } from "../../facts/image-reference.ts";
import type { ContainerFacts } from "../../facts/model.ts";
import { productOf, productsOf } from "../../facts/products.ts";
import { isKnown, type Maybe, UNKNOWN } from "../../facts/unknown.ts";
import { resourceRule } from "../../rule.ts";
import { type Said, say, shown, written } from "../../say.ts";
import type { Product, Setting, Settings } from "../../settings.ts";
import { no, yes } from "../../tables/telemetry/demands.ts";
import { findSetting, isSet } from "../find-setting.ts";

const telemetryOff = resourceRule({
  name: "telemetry-off",
  title: "A product that calls home by default is told not to.",
  why: "Qdrant posts every hour and even as it crashes; the switch has to be in place before its first start.",
  severity: "high",
  references: { docs: "policies/tables/telemetry/" },
  check(container, report, { settings }) {
    if (isTaskWithoutNetwork(container)) return;
    const mine = productsFor(container, settings);
    if (!report.known(mine, "image")) return;
    for (const product of mine) {
      for (const { what, anyOf, write } of product.require) {
        const there = anyOf.map((setting) => isSet(setting, container));
        if (there.includes(true)) continue;
        if (there.includes(UNKNOWN)) report.undecided("envs");
        else
          report.violation(
            "envs",
            say`runs ${written(product.title)}, which ${written(what)}`,
            say`set ${written(write)}`,
          );
      }
    }
  },
});

const telemetryNotOn = resourceRule({
  name: "telemetry-not-on",
  title: "Nothing switches telemetry, tracing to others or error reporting on.",
  why: "Many libraries are silent until one variable is set, often copied from an example.",
  severity: "high",
  params: z.strictObject({
    endpoints: z
      .array(z.string())
      .default(["localhost", "127.0.0.1"])
      .describe("Hosts that may receive it: collectors of one's own, by name"),
  }),
  references: { docs: "policies/tables/telemetry/" },
  check(container, report, { settings, params }) {
    const mine = productsFor(container, settings);
    if (!report.known(mine, "image")) return;
    const libraries = productsOf(settings).filter((product) => product.everywhere);
    report.each(container.env, "envs");
    const told = new Set<string>();
    for (const product of new Set([...mine, ...libraries])) {
      for (const { what, anyOf, write } of product.deny) {
        const found = anyOf.flatMap((setting) =>
          findSetting(setting, container).map((match) => ({ ...match, setting })),
        );
        for (const { path, name, value, setting } of found) {
          if (told.has(path) || params.endpoints.includes(hostOf(value))) continue;
          told.add(path);
          report.violation(
            path,
            say`sets ${name}, which ${written(what)} (${written(product.title)})`,
            write === "" ? turnedAround(setting, name) : written(write),
          );
        }
      }
    }
  },
});

const telemetryKnown = resourceRule({
  name: "telemetry-known",
  title: "It is known of every image whether it calls home.",
  why: "A product that nobody looked at is a product that may call home.",
  severity: "low",
  level: "advisory",
  params: z.strictObject({
    silent: z
      .array(z.string())
      .default([])
      .describe("Image names (last part, such as my-app) that are known to send nothing"),
  }),
  references: { docs: "policies/tables/telemetry/" },
  check(container, report, { settings, params }) {
    const mine = productsFor(container, settings);
    if (!report.known(mine, "image") || mine.length > 0 || !report.known(container.image, "image")) return;
    const name = parseImage(container.image)?.name;
    if (name === undefined || params.silent.includes(name)) return;
    if (optOuts.some((setting) => isSet(setting, container) === true)) return;
    report.violation(
      "image",
      say`runs ${shown(name, "image")}, and nobody has said whether that calls home`,
      say`add it to settings.products with its switches, or to silent of telemetry-known if it sends nothing`,
    );
  },
});

export const telemetryRules = [telemetryOff, telemetryNotOn, telemetryKnown];

/** A switch is set to its other side: without it the default holds, which may be the wrong one. Anything else is removed. */
function turnedAround({ env, values }: Setting, name: Said): Said {
  const isSwitch = env !== undefined && values.length > 0;
  if (isSwitch && values.every((each) => no.includes(each))) return say`set ${name}=true`;
  if (isSwitch && values.every((each) => yes.includes(each))) return say`set ${name}=false`;
  return say`remove ${name}`;
}

/** Settings that tell most programs that have them to send nothing. */
const optOuts: Setting[] = [
  ...[
    "DO_NOT_TRACK",
    "*NO_TELEMETRY",
    "*NO_ANALYTICS",
    "*DISABLE_TELEMETRY",
    "*TELEMETRY_DISABLED",
    "*TELEMETRY_OPTOUT",
  ].map((env) => ({ env, values: ["true", "1", "yes", "on"] })),
  ...["*TELEMETRY", "*TELEMETRY_ENABLED", "*ANALYTICS_ENABLED"].map((env) => ({
    env,
    values: ["false", "0", "no", "off"],
  })),
];

/** What runs in it: the product of its image or, if no product has such an image, of the service in its label. */
function productsFor(container: ContainerFacts, settings: Settings): Maybe<Product[]> {
  const ids = identities(container, settings);
  if (!isKnown(ids) || !isKnown(container.image)) return UNKNOWN;
  const product = productOf(container.image, settings);
  return product ? [product] : productsOf(settings).filter((each) => ids.includes(each.id));
}

function hostOf(value: string): string {
  try {
    return new URL(value.includes("://") ? value : `x://${value}`).hostname;
  } catch {
    return value;
  }
}
