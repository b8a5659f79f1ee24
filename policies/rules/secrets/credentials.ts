// No credential where everybody can read it, and no well-known password anywhere. A message never holds the value that it
// is about.
import { z } from "zod";
import { resourceRule } from "../../rule.ts";
import {
  assignments,
  isCredentialName,
  isDefaultPassword,
  isPlaceholder,
  looksLikeSecret,
  tokenKind,
} from "../../tables/secret-shapes.ts";
import { assignedInFiles, readableValues } from "./readable-values.ts";

const noSecretInPlain = resourceRule({
  name: "no-plain-secret",
  title: "No credential stands in the environment, the command line, a label or a health check.",
  why: "`docker inspect`, /proc and every crash report show them; a file that only its user may read does not.",
  severity: "critical",
  params: z.strictObject({
    allowed: z
      .array(z.string())
      .default([])
      .describe("Names of variables or options that hold no secret although they look like it"),
  }),
  references: { cis: ["4.10"], checkov: ["SecretsInEnvArg"] },
  check(container, report, { params }) {
    for (const { path, name, value } of readableValues(container, report)) {
      if (params.allowed.includes(name) || isDefaultPassword(value)) continue;
      const kind = tokenKind(value) ?? (isCredentialName(name) ? "a credential by its name" : undefined);
      const why = kind ?? (looksLikeSecret(value) ? "a credential by the look of it" : undefined);
      if (why === undefined || (kind === "a credential by its name" && isHarmless(value))) continue;
      const where = name === "" ? path : `${name} (${path})`;
      const file = /^[A-Z][A-Z0-9_]*$/.test(name) ? ` (${name}_FILE, if the image knows it)` : "";
      report.violation(path, `has ${why} in ${where}`, {
        pulumi: `put it into a file that the container mounts read-only${file}`,
        compose: `put it into a file: secrets${file}`,
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
  references: { docs: "https://cwe.mitre.org/data/definitions/1392.html" },
  check(container, report, { params }) {
    const more = new Set(params.passwords.map((each) => each.toLowerCase()));
    const isDefault = (value: string) => isDefaultPassword(value) || more.has(value.toLowerCase());
    const fix = {
      pulumi: "generate one (random.RandomPassword) and hand it over as a file",
      compose: "generate one and hand it over as a file: secrets",
    };
    for (const { path, name, value } of [...readableValues(container, report), ...assignedInFiles(container)]) {
      const counts = isCredentialName(name) || isPlaceholder(value) || more.has(value.toLowerCase());
      if (!counts && !value.includes("://")) continue;
      const passwords = [value, ...assignments(value).map((each) => each.value)];
      if (!passwords.some(isDefault)) continue;
      report.violation(path, `uses a well-known default password${name === "" ? "" : ` for ${name}`}`, fix);
    }
  },
});

export const credentialRules = [noSecretInPlain, noDefaultPassword];

/** Values that a variable called *_PASSWORD may have: nothing, a switch, a number of days, a path, a placeholder. */
function isHarmless(value: string): boolean {
  const bare = value.trim();
  return (
    bare === "" ||
    /^(true|false|yes|no|on|off|none|null|\d{1,4})$/i.test(bare) ||
    /^(\/|\.{1,2}\/|\$\(?\{?|\{)/.test(bare)
  );
}
