// What gives a credential away: the name beside it, the shape of a known kind of token, or how random it is.

/** Values from examples that end up in use, in lower case. */
const defaults = new Set(
  `admin administrator root toor user guest test demo default postgres postgresql mysql mariadb mongo redis rabbitmq
  password passwd pass passw0rd p@ssw0rd p@ssword password1 password123 secret secret123 mysecret supersecret topsecret
  changeme changeit change_me change-me changethis letmein welcome qwerty qwerty123 abc123 123456 1234567 12345678
  123456789 1234567890 0000 1111 1234 12345 000000 111111 minioadmin minio grafana vikunja vikunja123 consul qdrant
  caddy example examplepassword example_password your_password yourpassword your-password mypassword my-secret-pw
  my_secret mysecretpassword insecure replaceme replace_me todo xxx dbpassword dbpass redispassword pgpassword
  admin123 root123 user123 test123 redis123 postgres123 secretkey secret_key jwt_secret jwtsecret your_jwt_secret`.split(
    /\s+/,
  ),
);
/** How such values begin: `changeme123`, `changeme_jwt`, `your-password`. */
const defaultBeginnings = /^(change[-_ ]?(me|this|it)|replace[-_ ]?(me|this)|your[-_ ]|insert[-_ ]|<.*>$)/i;

/** Whether a value is a well-known default password, in whatever case. */
export function isDefaultPassword(value: string): boolean {
  const bare = value.trim().toLowerCase();
  return defaults.has(bare) || (bare !== "" && defaultBeginnings.test(bare));
}

/** Whether a value asks to be replaced, so that it counts whatever the name beside it. */
export function isPlaceholder(value: string): boolean {
  return /^change[-_ ]?(me|this|it)/i.test(value.trim());
}

const credentialName =
  /(^|[^a-z])(password|passwd|passphrase|pwd|secret|token|api_?key|access_?key|private_?key|(app|account|session|cookie|hmac|jwt|shared)_?key|secret_?key_?base|encryption_?key|signing_?key|auth_?key|master_?key|credentials?|requirepass|masterauth)s?([^a-z]|$)|(pass|password|secret|token|apikey)$/i;
/** Names under which `user:password` stands. */
const pairName = /(^|[^a-z])(neo4_?j_auth|basic_?auth(_?users?)?|user_?pass)$/i;
/** Names of what is about a credential without holding one. */
const aboutCredentials =
  /(_file|_path|_dir|_name|_url|_uri|_enabled?|_required|_length|_min|_max|_ttl|_expir\w*|_timeout|_lifetime|_type|_policy|_method|_header|_version|_id|_count|_limit|_window|_rotation|_algorithm|_host|_host_?name|_domain|_port|_region|_locale|_language)$|^(no|disable|allow|enable|require|skip)[-_]|(^|[^a-z])(max|min|num|total|prompt|completion|context|input|output|new)_?(\w*_)?tokens?([^a-z]|$)/i;

/** In characters: anything longer is data and not a name. */
const longestName = 200;

/** Whether a variable, option or key of that name holds a credential. */
export function isCredentialName(name: string): boolean {
  if (name.length > longestName) return false;
  const bare = name
    .replace(/^-+/, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[-.]/g, "_");
  return (credentialName.test(bare) || pairName.test(bare)) && !aboutCredentials.test(bare);
}

/** Names of what is counted in tokens, and not kept secret. */
const counted = /tokens$/i;

/**
 * Values that a variable called *_PASSWORD may have without giving one away: nothing, a switch, a path, a reference to something
 * else. A number is a password like any other, unless tokens are counted.
 */
export function isHarmless(name: string, value: string): boolean {
  const bare = value.trim();
  if (bare === "" || /^(true|false|yes|no|on|off|none|null|0|1)$/i.test(bare)) return true;
  return (counted.test(name) && /^\d+$/.test(bare)) || isPath(bare) || isReference(bare);
}

/** `/run/secrets/x`, `./x.pem`: more than one part, or an ending, and none of them random. */
function isPath(value: string): boolean {
  if (!/^(\/|\.{1,2}\/|~\/)[\w./@ -]*$/.test(value)) return false;
  const parts = value.split("/").filter((part) => part !== "");
  return (parts.length > 1 || value.includes(".")) && !parts.some((part) => part.length >= 16 && isMixed(part));
}

/** `${NAME}`, `$NAME`, `$(command)`, `{{ template }}`, `{env.NAME}`: another program puts the value in. */
function isReference(value: string): boolean {
  return /^(\$\{[^}]*\}|\$[A-Z_][A-Z0-9_]*|\$\(.*\)|\{\{.*\}\}|\{(\$|env\.|file\.|vars\.)[\w./:-]*\}|<[\w -]+>|%\w+%)$/s.test(
    value,
  );
}

const isMixed = (word: string) => /[a-z]/.test(word) && /[A-Z]/.test(word) && /[0-9]/.test(word);

const shapes: [kind: string, shape: RegExp][] = [
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ["an AWS access key", /\b(AKIA|ASIA)[0-9A-Z]{16}\b/],
  ["a GitHub token", /\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})\b/],
  ["a GitLab token", /\bglpat-[A-Za-z0-9_-]{20,}/],
  ["a Slack token", /\bxox[abprs]-[A-Za-z0-9-]{10,}/],
  ["an OpenAI or Anthropic key", /\bsk-(ant-|proj-)?[A-Za-z0-9_-]{20,}/],
  ["a Stripe key", /\b[rs]k_(live|test)_[A-Za-z0-9]{16,}/],
  ["a Hugging Face token", /\bhf_[A-Za-z0-9]{30,}\b/],
  ["a Google API key", /\bAIza[0-9A-Za-z_-]{35}\b/],
  ["an npm token", /\bnpm_[A-Za-z0-9]{36}\b/],
  ["a PyPI token", /\bpypi-[A-Za-z0-9_-]{50,}/],
  ["a Pulumi token", /\bpul-[0-9a-f]{40}\b/],
  ["a HashiCorp Vault token", /\bhv[sbr]\.[A-Za-z0-9_-]{24,}/],
  ["a SendGrid key", /\bSG\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}/],
  ["a DigitalOcean token", /\bdo[opr]_v1_[0-9a-f]{64}\b/],
  ["a Telegram bot token", /\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b/],
  ["a JSON web token", /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/],
  [
    "a password's hash",
    /\${1,2}(apr1|1|2[abxy]|5|6|7|y|argon2id?|scrypt|pbkdf2[\w-]*)\${1,2}[\w./$=,+-]{8,}|\{S?SHA\}[A-Za-z0-9+/]{20,}={0,2}/,
  ],
  ["a password in a URL", /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]*:[^\s:/@${}]+@/i],
];

/** The kind of token that is in `text`, by its shape; undefined if there is none. */
export function tokenKind(text: string): string | undefined {
  return shapes.find(([, shape]) => shape.test(text))?.[0];
}

/**
 * Whether a text is random enough to be a key: one word of 24 to 512 characters with at least 3 bits of entropy a
 * character if it is hex, or 3.5 if it is base64 with upper and lower case and digits. Digests, UUIDs and paths are not
 * taken for keys.
 */
export function looksLikeSecret(text: string): boolean {
  const word = text.trim().replace(/^(base64|b64|hex):/i, "");
  if (word.length < 24 || word.length > 512 || /sha(256|512)[:-]/.test(word)) return false;
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(word)) return false;
  if (/^[0-9a-f]{32,}$/i.test(word)) return entropy(word) >= 3;
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(word) || word.startsWith("/")) return false;
  return isMixed(word) && entropy(word) >= 3.5;
}

/** Shannon entropy in bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}

/**
 * What a text assigns: `NAME=value`, `--name=value`, `name: value` and, for a few names, `name value`, as configuration
 * files and shell commands have it; what a URL has in its query; and its password, under the name `password`.
 */
export function assignments(text: string): { name: string; value: string }[] {
  const found: { name: string; value: string }[] = [];
  const quoted =
    /(?:^|[\s;&|"'{,(])(-{0,2}[A-Za-z][\w.-]*)["']?[ \t]*[=:][ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"',;&|})]+))/gm;
  for (const [, name = "", double, single, bare] of text.matchAll(quoted)) {
    found.push({ name, value: double ?? single ?? bare ?? "" });
  }
  for (const [, name = "", value = ""] of text.matchAll(
    /^[ \t]*(requirepass|masterauth|password|secret)[ \t]+(\S+)[ \t]*$/gim,
  )) {
    found.push({ name, value });
  }
  for (const [, value = ""] of text.matchAll(/\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]*:([^\s/@]+)@/gi)) {
    found.push({ name: "password", value });
  }
  for (const [, name = "", value = ""] of text.matchAll(/[?&]([A-Za-z][\w.-]{0,60})=([^\s&"'#]+)/g)) {
    found.push({ name, value });
  }
  return found;
}
