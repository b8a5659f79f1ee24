// Whoever can reach a service has to say who they are.
import { z } from "zod";
import type { ContainerFacts } from "../../facts/model.ts";
import { isImage } from "../../facts/products.ts";
import { isKnown, knownOf, UNKNOWN } from "../../facts/unknown.ts";
import { wildcard } from "../../facts/wildcard.ts";
import { type Reporter, resourceRule } from "../../rule.ts";
import { say, written } from "../../say.ts";
import type { Setting } from "../../settings.ts";
import { type OpenByDefault, openByDefault, openedBy } from "../../tables/authentication.ts";
import { findSetting, isSet } from "../find-setting.ts";

const authenticationOn = resourceRule({
  name: "authentication-on",
  title: "No service lets in whoever can reach it.",
  why: "A switch that was made for a first try outlives it, and a database without a password is open to everything on its network, or to everybody once it is published. A configuration file that cannot be read here counts as one that asks for a password.",
  severity: "high",
  params: z.strictObject({
    containers: z
      .array(z.string())
      .default([])
      .describe("Containers that are meant to be open, such as a database of nothing but test data"),
  }),
  references: { docs: "policies/tables/authentication.ts" },
  check(container, report, { params }) {
    if (params.containers.includes(container.label) || !report.known(container.image, "image")) return;
    const { image } = container;
    for (const { title, images = [], off, write } of openedBy) {
      if (images.length > 0 && !isImage(image, images)) continue;
      for (const { path, name } of off.flatMap((setting) => findSetting(setting, container)))
        report.violation(
          path,
          say`sets ${name}, which switches authentication off (${written(title)})`,
          write === undefined ? say`remove ${name}` : written(write),
        );
      noteUnknown(off, container, report);
    }
    for (const product of openByDefault) if (isImage(image, product.images)) checkPublished(product, container, report);
  },
});

export const authenticationRules = [authenticationOn];

/** A variable that could be such a setting, and whose value is not known. */
function noteUnknown(settings: Setting[], container: ContainerFacts, report: Reporter): void {
  const names = settings.flatMap(({ env }) => (env === undefined ? [] : [wildcard(env, "\\w*", "^$")]));
  for (const { path, name, value } of knownOf(container.env))
    if (!isKnown(value) && names.some((pattern) => pattern.test(name))) report.undecided(path);
}

/** A product that is open until it is told otherwise may be on a network of its own, but not published like that. */
function checkPublished({ title, anyOf, write }: OpenByDefault, container: ContainerFacts, report: Reporter): void {
  const ports = report.each(container.ports, say`ports`);
  if (ports.length === 0 && container.publishAllPorts !== true) return;
  const there = anyOf.map((setting) => isSet(setting, container));
  if (there.includes(true) || namesFile(container)) return;
  const path = ports[0]?.path ?? "publishAllPorts";
  if (there.includes(UNKNOWN)) report.undecided("envs");
  else report.violation(path, say`publishes ${written(title)}, which asks nobody for a password`, written(write));
}

const configFile = /\.(conf|cfg|ini|ya?ml|json|toml|acl|hcl)\b/;
const configPlace = /\/(config|conf|conf\.d|etc)(\/|$)/;

/** Whether a configuration file is named or mounted whose content cannot be read here. */
function namesFile(container: ContainerFacts): boolean {
  const read = knownOf(container.uploads).filter(({ content }) => isKnown(content));
  const isRead = (text: string) => read.some(({ file }) => isKnown(file) && text.includes(file));
  const words = [...knownOf(container.entrypoint), ...knownOf(container.command)].filter((word) =>
    configFile.test(word),
  );
  const targets = knownOf(container.mounts).flatMap(({ target }) => (isKnown(target) ? [target] : []));
  const places = targets.filter((target) => configFile.test(target) || configPlace.test(target));
  return [...words, ...places].some((text) => !isRead(text));
}
