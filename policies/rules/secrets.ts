// Nothing that looks like a credential in what everybody can read: environment, command line, labels, health checks.
// A message never holds the value that it is about.
import { z } from "zod";
import type { ContainerFacts } from "../facts/facts.ts";
import { isKnown, knownOf, type Maybe } from "../facts/maybe.ts";
import { type Report, resourceRule } from "../rule.ts";
import {
  assignments,
  isCredentialName,
  isDefaultPassword,
  isPlaceholder,
  looksLikeSecret,
  tokenKind,
} from "../tables/secret-shapes.ts";

interface Place {
  path: string;
  /** Name of the variable, option or label; "" for a bare word. */
  name: string;
  value: string;
}

const noSecretInPlain = resourceRule({
  name: "no-plain-secret",
  area: "secrets",
  title: "No credential stands in the environment, the command line, a label or a health check.",
  why: "`docker inspect`, /proc and every crash report show them; a file that only its user may read does not.",
  severity: "critical",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({
    allowed: z
      .array(z.string())
      .default([])
      .describe("Names of variables or options that hold no secret although they look like it"),
  }),
  references: { cis: ["4.10"], checkov: ["SecretsInEnvArg"] },
  check(container, report, { params }) {
    for (const { path, name, value } of places(container, report)) {
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
  area: "secrets",
  title: "No well-known default password is used anywhere, files included.",
  why: "It is the first thing that anybody tries.",
  severity: "critical",
  level: "mandatory",
  subjects: ["container"],
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
    for (const { path, name, value } of [...places(container, report), ...fileLines(container)]) {
      const counts = isCredentialName(name) || isPlaceholder(value) || more.has(value.toLowerCase());
      if (!counts && !value.includes("://")) continue;
      const passwords = [value, ...assignments(value).map((each) => each.value)];
      if (!passwords.some(isDefault)) continue;
      report.violation(path, `uses a well-known default password${name === "" ? "" : ` for ${name}`}`, fix);
    }
  },
});

const tlsVerified = resourceRule({
  name: "tls-verified",
  area: "secrets",
  title: "Certificates are checked.",
  why: "A switch that was set once to get past an error leaves every later connection open to whoever sits in between.",
  severity: "high",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: { checkov: ["CKV2_DOCKER_2", "CKV2_DOCKER_3", "CKV2_DOCKER_4", "CKV2_DOCKER_5", "CKV2_DOCKER_6"] },
  check(container, report) {
    for (const { path, name, value } of places(container, report)) {
      const off = tlsSwitches.some(([pattern, values]) => pattern.test(name) && values.test(value.trim()));
      if (!off) continue;
      report.violation(
        path,
        `switches the check of certificates off (${name})`,
        `remove ${name}, and mount the CA that it needs`,
      );
    }
  },
});

export const secretRules = [noSecretInPlain, noDefaultPassword, tlsVerified];

const truthy = /^(|true|1|yes|on)$/i;
const falsy = /^(false|0|no|off)$/i;
const tlsSwitches: [name: RegExp, value: RegExp][] = [
  [/^NODE_TLS_REJECT_UNAUTHORIZED$/i, /^0$/],
  [/^PYTHONHTTPSVERIFY$/i, /^0$/],
  [/^(npm_config_strict_ssl|\w*(SSL|TLS|CERT\w*)_?VERIF(Y|ICATION)(_?ENABLED)?)$/i, falsy],
  [
    /^(GIT_SSL_NO_VERIFY|\w*(SKIP_?(TLS|SSL|CERT\w*)_?VERIFY|(TLS|SSL)_?(SKIP_?VERIFY|INSECURE)|INSECURE_?SKIP_?(TLS_?)?VERIFY))$/i,
    /^(true|1|yes|on)$/i,
  ],
  [/^--?(insecure-skip-(tls-)?verify|tls-skip-verify|no-check-certificate|trusted-host|skip-tls-verify)$/i, truthy],
];

/** Every name and value that `docker inspect` shows. What is not known yet is noted as undecided. */
function places(container: ContainerFacts, report: Report): Place[] {
  const named = [...report.each(container.env, "envs"), ...report.each(container.labels, "labels")];
  const found: Place[] = named.flatMap(({ path, name, value }) =>
    report.known(value, path) ? [{ path, name, value }] : [],
  );
  const lists: [string, Maybe<Maybe<string>[]>][] = [
    ["entrypoints", container.entrypoint],
    ["command", container.command],
    ["healthcheck.tests", container.healthcheck],
  ];
  for (const [path, list] of lists) found.push(...inWords(report.each(list, path), path));
  return found;
}

/** Options with their values, then whatever is assigned inside a shell command; bare words last. */
function inWords(words: string[], path: string): Place[] {
  return words.flatMap((word, i) => {
    const before = words[i - 1] ?? "";
    const inside = assignments(word);
    // In a script a value with these is a reference, a pattern or a format, not a credential itself.
    const literal = inside.filter(({ value }) => !/[$`[\]{}*%\\<>]/.test(value));
    if (inside.length > 0) return literal.map(({ name, value }) => ({ path, name, value }));
    const isOption = word.startsWith("-");
    const name = before.startsWith("-") && !isOption ? before : isOption ? word : "";
    return [{ path, name, value: isOption ? "" : word }];
  });
}

function fileLines(container: ContainerFacts): Place[] {
  return knownOf(container.uploads).flatMap(({ path, content }) =>
    isKnown(content) ? assignments(content).map(({ name, value }) => ({ path, name, value })) : [],
  );
}

/** Values that a variable called *_PASSWORD may have: nothing, a switch, a number of days, a path, a placeholder. */
function isHarmless(value: string): boolean {
  const bare = value.trim();
  return (
    bare === "" ||
    /^(true|false|yes|no|on|off|none|null|\d{1,4})$/i.test(bare) ||
    /^(\/|\.{1,2}\/|\$\(?\{?|\{)/.test(bare)
  );
}
