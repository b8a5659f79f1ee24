// No credential where everybody can read it, and no well-known password anywhere. A message never holds the value that it
// is about.
import { z } from "zod";
import { label } from "../../../lib/labels.ts";
import { lookup } from "../../facts/identity.ts";
import { resourceRule } from "../../rule.ts";
import { say, shown, written } from "../../say.ts";
import {
  assignments,
  isCredentialName,
  isDefaultPassword,
  isHarmless,
  isPlaceholder,
  looksLikeSecret,
  tokenKind,
} from "../../tables/secret-shapes.ts";
import { assignedInFiles, readableValues } from "./readable-values.ts";

const noSecretInPlain = resourceRule({
  name: "no-plain-secret",
  title: "No credential stands in the environment, a command line, a label, or an option of a log driver or a volume.",
  why: "`docker inspect`, /proc and every crash report show them; a file that only its user may read does not.",
  severity: "critical",
  params: z.strictObject({
    allowed: z
      .array(z.string())
      .default([])
      .describe("Names of variables or options that hold no secret although they look like it"),
  }),
  subjects: ["container", "volume"],
  references: { cis: ["4.10"], composeLint: ["CL-0020", "CL-0021"], checkov: ["SecretsInEnvArg"] },
  check(subject, report, { params }) {
    const told = new Told();
    for (const { path, name, value, within = name } of readableValues(subject, report)) {
      if ([name, within].some((each) => params.allowed.includes(each)) || isDefaultPassword(value)) continue;
      const kind = tokenKind(value) ?? (isCredentialName(name) ? "a credential by its name" : undefined);
      const why = kind ?? (looksLikeSecret(value) ? "a credential by the look of it" : undefined);
      if (why === undefined || (kind === "a credential by its name" && isHarmless(name, value))) continue;
      if (told.already(path, value)) continue;
      const where = name === "" ? shown(path, "property") : say`${shown(name, "key")} (${shown(path, "property")})`;
      const file = /^[A-Z][A-Z0-9_]*$/.test(name) ? say` (${shown(name, "key")}_FILE, if the image knows it)` : say``;
      report.violation(path, say`has ${written(why)} in ${where}`, {
        pulumi: say`put it into a file that the container mounts read-only${file}`,
        compose: say`put it into a file: secrets${file}`,
      });
    }
  },
});

const noDefaultPassword = resourceRule({
  name: "no-default-password",
  title: "No well-known default password is used anywhere, files included.",
  why: "It is the first thing that anybody tries.",
  severity: "critical",
  params: z.strictObject({
    passwords: z.array(z.string()).default([]).describe("More values that count as default passwords"),
  }),
  references: { composeLint: ["CL-0020", "CL-0021"], docs: "https://cwe.mitre.org/data/definitions/1392.html" },
  check(container, report, { params }) {
    const more = new Set(params.passwords.map((each) => each.toLowerCase()));
    const isDefault = (value: string) => isDefaultPassword(value) || more.has(value.toLowerCase());
    const fix = {
      pulumi: say`generate one (random.RandomPassword) and hand it over as a file`,
      compose: say`generate one and hand it over as a file: secrets`,
    };
    const told = new Told();
    for (const { path, name, value } of [...readableValues(container, report), ...assignedInFiles(container)]) {
      const counts = isCredentialName(name) || isPlaceholder(value) || more.has(value.toLowerCase());
      if (!counts && !value.includes("://")) continue;
      const passwords = [value, ...assignments(value).map((each) => each.value)];
      if (!passwords.some(isDefault) || told.already(path, value)) continue;
      report.violation(
        path,
        say`uses a well-known default password${name === "" ? say`` : say` for ${shown(name, "key")}`}`,
        fix,
      );
    }
  },
});

const ownCredentials = resourceRule({
  name: "own-credentials",
  title: "No app logs in with a credential that others have, too.",
  why: "One stolen app is then one stolen app: what it could read is known, and renewing its credential disturbs nobody else. A client that can send a password only, and so has to use Redis' user default, is an exception to be told of; so is one for which Qdrant's own keys open every collection.",
  severity: "medium",
  params: z.strictObject({
    containers: z.array(z.string()).default([]).describe("Containers that may, such as xnai_legacy_worker"),
  }),
  references: { docs: "https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/" },
  check(container, report, { params }) {
    const services = lookup(container.labels, label.shared);
    if (services === undefined || !report.known(services, "labels") || params.containers.includes(container.label))
      return;
    report.violation(
      "labels",
      say`logs in with a credential that others have, too (${shown(services, "name")})`,
      say`give it a credential of its own (redis: remove user: default from the app; qdrant: name its collections there), or allow it: containers of own-credentials`,
    );
  },
});

export const credentialRules = [noSecretInPlain, noDefaultPassword, ownCredentials];

/** What was reported. A value is found more than once: as a whole and in its parts, behind an option and by the client that takes it. */
class Told {
  readonly #values = new Map<string, string[]>();

  /** Whether it was, as such or as a part of something else; from now on it is. */
  already(path: string, value: string): boolean {
    const values = this.#values.get(path) ?? [];
    if (values.some((each) => each.includes(value))) return true;
    this.#values.set(path, [...values, value]);
    return false;
  }
}
