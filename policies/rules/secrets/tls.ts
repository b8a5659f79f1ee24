// Nothing switches off the check that a connection goes to whom it is meant for.
import { resourceRule } from "../../rule.ts";
import { say, shown } from "../../say.ts";
import { readableValues } from "./readable-values.ts";

const tlsVerified = resourceRule({
  name: "tls-verified",
  title: "Certificates are checked.",
  why: "A switch that was set once to get past an error leaves every later connection open to whoever sits in between.",
  severity: "high",
  references: { checkov: ["CKV2_DOCKER_3", "CKV2_DOCKER_4", "CKV2_DOCKER_5", "CKV2_DOCKER_6"] },
  check(container, report) {
    for (const { path, name, value } of readableValues(container, report)) {
      const off = tlsSwitches.some(([pattern, values]) => pattern.test(name) && values.test(value.trim()));
      if (!off) continue;
      report.violation(
        path,
        say`switches the check of certificates off (${shown(name, "key")})`,
        say`remove ${shown(name, "key")}, and mount the CA that it needs`,
      );
    }
  },
});

export const tlsRules = [tlsVerified];

const truthy = /^(|true|1|yes|on)$/i;

const falsy = /^(false|0|no|off)$/i;

/** Variables and options that switch the check of certificates off, with the values by which they do. */
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
