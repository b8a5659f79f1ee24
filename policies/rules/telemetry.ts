// Zero telemetry: no product of the stack calls home. Looks for the settings of telemetry-table.ts in the environment,
// on the command line and in uploaded files.
import { z } from "zod";
import type { ContainerFacts } from "../facts/facts.ts";
import { identities } from "../facts/identity.ts";
import { parseImage } from "../facts/images.ts";
import { isKnown, knownOf, type Maybe, UNKNOWN } from "../facts/maybe.ts";
import { productOf, productsOf } from "../facts/products.ts";
import { expression, wildcard } from "../facts/wildcard.ts";
import { isJob, resourceRule } from "../rule.ts";
import type { Product, Setting, Settings } from "../settings.ts";

const telemetryOff = resourceRule({
  name: "telemetry-off",
  area: "telemetry",
  title: "A product that calls home by default is told not to.",
  why: "Qdrant posts every hour and even as it crashes; the switch has to be in place before its first start.",
  severity: "high",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: { docs: "policies/tables/telemetry.ts" },
  check(container, report, { settings }) {
    if (isJob(container) && container.networkMode === "none") return;
    const mine = productsFor(container, settings);
    if (!report.known(mine, "image")) return;
    for (const product of mine) {
      for (const { what, anyOf, write } of product.require) {
        const there = anyOf.map((setting) => present(setting, container));
        if (there.includes(true)) continue;
        if (there.includes(UNKNOWN)) report.undecided("envs");
        else report.violation("envs", `runs ${product.title}, which ${what}`, `set ${write}`);
      }
    }
  },
});

const telemetryNotOn = resourceRule({
  name: "telemetry-not-on",
  area: "telemetry",
  title: "Nothing switches telemetry, tracing to others or error reporting on.",
  why: "Many libraries are silent until one variable is set, often copied from an example.",
  severity: "high",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({
    endpoints: z
      .array(z.string())
      .default(["localhost", "127.0.0.1"])
      .describe("Hosts that may receive it: collectors of one's own, by name"),
  }),
  references: { docs: "policies/tables/telemetry.ts" },
  check(container, report, { settings, params }) {
    const mine = productsFor(container, settings);
    if (!report.known(mine, "image")) return;
    const libraries = productsOf(settings).filter((product) => product.everywhere);
    report.each(container.env, "envs");
    const told = new Set<string>();
    for (const product of new Set([...mine, ...libraries])) {
      for (const { what, anyOf, write } of product.deny) {
        for (const { path, name, value } of anyOf.flatMap((setting) => matches(setting, container))) {
          if (told.has(path) || params.endpoints.includes(hostOf(value))) continue;
          told.add(path);
          report.violation(path, `sets ${name}, which ${what} (${product.title})`, write || `remove ${name}`);
        }
      }
    }
  },
});

const telemetryKnown = resourceRule({
  name: "telemetry-known",
  area: "telemetry",
  title: "It is known of every image whether it calls home.",
  why: "A product that nobody looked at is a product that may call home.",
  severity: "low",
  level: "advisory",
  subjects: ["container"],
  params: z.strictObject({
    silent: z
      .array(z.string())
      .default([])
      .describe("Image names (last part, such as my-app) that are known to send nothing"),
  }),
  references: { docs: "policies/tables/telemetry.ts" },
  check(container, report, { settings, params }) {
    const mine = productsFor(container, settings);
    if (!report.known(mine, "image") || mine.length > 0 || !report.known(container.image, "image")) return;
    const name = parseImage(container.image)?.name;
    if (name === undefined || params.silent.includes(name)) return;
    const optsOut = optOuts.some((setting) => present(setting, container) === true);
    if (optsOut) return;
    report.violation(
      "image",
      `runs ${name}, of which nobody has said whether it calls home`,
      "add it to settings.products with its switches, or to silent of telemetry-known if it sends nothing",
    );
  },
});

export const telemetryRules = [telemetryOff, telemetryNotOn, telemetryKnown];

const on = ["true", "1", "yes", "on"];
const off = ["false", "0", "no", "off"];

/** Ways in which a container says of itself that it is told to be silent. */
const optOuts: Setting[] = [
  ...[
    "DO_NOT_TRACK",
    "*NO_TELEMETRY",
    "*NO_ANALYTICS",
    "*DISABLE_TELEMETRY",
    "*TELEMETRY_DISABLED",
    "*TELEMETRY_OPTOUT",
  ].map((env) => ({ env, values: on })),
  ...["*TELEMETRY", "*TELEMETRY_ENABLED", "*ANALYTICS_ENABLED"].map((env) => ({ env, values: off })),
];

/** What runs in it: the product of its image, or, for an image of another name, of the service that it is said to be. */
function productsFor(container: ContainerFacts, settings: Settings): Maybe<Product[]> {
  const ids = identities(container, settings);
  if (!isKnown(ids) || !isKnown(container.image)) return UNKNOWN;
  const product = productOf(container.image, settings);
  return product ? [product] : productsOf(settings).filter((each) => ids.includes(each.id));
}

/** Whether a setting is in place. Something unknown where it could be leaves it open. */
function present(setting: Setting, container: ContainerFacts): Maybe<boolean> {
  if (matches(setting, container).length > 0) return true;
  const places = [
    setting.env !== undefined ? container.env : [],
    setting.flag !== undefined ? container.command : [],
    setting.flag !== undefined ? container.entrypoint : [],
  ];
  const hiddenFile = setting.file !== undefined && !(isKnown(container.uploads) && container.uploads.every(readable));
  return hiddenFile || places.some((place) => !isKnown(place) || !(place as unknown[]).every(isKnown))
    ? UNKNOWN
    : false;
}

function readable(upload: unknown): boolean {
  return isKnown(upload) && isKnown((upload as { content: Maybe<string> }).content);
}

interface Match {
  path: string;
  name: string;
  value: string;
}

/** Every place where the container sets it. */
function matches(setting: Setting, container: ContainerFacts): Match[] {
  const found: Match[] = [];
  if (setting.env !== undefined) {
    const pattern = wildcard(setting.env, "\\w*", "^$");
    for (const { path, name, value } of knownOf(container.env)) {
      if (pattern.test(name) && isKnown(value) && counts(setting, value)) found.push({ path, name, value });
    }
  }
  if (setting.flag !== undefined) {
    const words = [...knownOf(container.entrypoint), ...knownOf(container.command)].flatMap((word) =>
      word.split(/\s+/),
    );
    if (hasFlag(words, setting.flag)) found.push({ path: "command", name: setting.flag, value: "" });
  }
  if (setting.file !== undefined) {
    const pattern = expression(setting.file, "m");
    for (const { path, file, content } of knownOf(container.uploads)) {
      if (!isKnown(content)) continue;
      const line = pattern.exec(content)?.[0].trim();
      if (line !== undefined) found.push({ path, name: `${line} in ${isKnown(file) ? file : "a file"}`, value: "" });
    }
  }
  return found;
}

function counts(setting: Setting, value: string): boolean {
  const bare = value.trim().toLowerCase();
  return setting.values.length === 0 ? bare !== "" : setting.values.some((each) => each.toLowerCase() === bare);
}

/** `--name`, `--name=value` or `--name value`; without a value in `flag`, any that does not say no. */
function hasFlag(words: string[], flag: string): boolean {
  const [name = "", wanted] = flag.toLowerCase().split("=", 2);
  return words.some((word, i) => {
    const [key, given] = word.toLowerCase().split("=", 2);
    if (key !== name) return false;
    if (wanted !== undefined) return (given ?? words[i + 1]?.toLowerCase()) === wanted;
    return given === undefined || !off.includes(given);
  });
}

function hostOf(value: string): string {
  try {
    return new URL(value.includes("://") ? value : `x://${value}`).hostname;
  } catch {
    return value;
  }
}
