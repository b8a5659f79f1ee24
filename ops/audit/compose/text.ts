// The two text formats around a compose file: variables in values, as Compose interpolates them, and .env files.
// https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md

/** Called with the name of a variable that is set nowhere and has no default. */
export type OnMissing = (name: string) => void;

/**
 * Replaces `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:?error}`, `${NAME:+other}` and their
 * nested forms; `$$` is a dollar sign. A variable that is set nowhere is empty, as in Compose.
 */
export function interpolate(text: string, variables: Record<string, string>, onMissing: OnMissing = () => {}): string {
  let out = "";
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== "$") {
      out += text[i];
    } else if (text[i + 1] === "$") {
      out += "$";
      i++;
    } else if (text[i + 1] === "{") {
      const end = closing(text, i + 2);
      if (end < 0) return out + text.slice(i);
      out += expression(text.slice(i + 2, end), variables, onMissing);
      i = end;
    } else {
      const name = /^[A-Za-z_]\w*/.exec(text.slice(i + 1))?.[0];
      out += name === undefined ? "$" : variable(name, variables, onMissing);
      i += name?.length ?? 0;
    }
  }
  return out;
}

function closing(text: string, from: number): number {
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    if (text[i] === "{" && text[i - 1] === "$") depth++;
    if (text[i] === "}" && --depth === 0) return i;
  }
  return -1;
}

function expression(body: string, variables: Record<string, string>, onMissing: OnMissing): string {
  const match = /^([A-Za-z_]\w*)(?:(:?[-?+])([\s\S]*))?$/.exec(body);
  if (!match) return "";
  const [, name = "", operator = "", rest = ""] = match;
  const value = own(variables, name);
  const there = value !== undefined && !(operator.startsWith(":") && value === "");
  if (operator.endsWith("+")) return there ? interpolate(rest, variables, onMissing) : "";
  if (there) return value;
  if (operator.endsWith("-")) return interpolate(rest, variables, onMissing);
  return variable(name, variables, onMissing);
}

function variable(name: string, variables: Record<string, string>, onMissing: OnMissing): string {
  const value = own(variables, name);
  if (value === undefined) onMissing(name);
  return value ?? "";
}

/** Variables may be called `constructor` or `toString`. */
function own(variables: Record<string, string>, name: string): string | undefined {
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}

/** `KEY=value` lines: comments, `export`, single quotes verbatim, double quotes with \n and \", values over lines. */
export function parseEnvFile(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const line =
    /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*[=:][ \t]*(?:'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|([^\r\n]*?))(?:[ \t]+#[^\r\n]*)?[ \t]*\r?$/gm;
  for (const [, name = "", single, double, bare] of text.matchAll(line)) {
    const unescaped = double?.replace(/\\n/g, "\n").replace(/\\(.)/g, "$1");
    found[name] = single ?? unescaped ?? bare ?? "";
  }
  return found;
}

/** A command line as words, the way Compose splits `command: redis-server --appendonly yes`. */
export function words(text: string): string[] {
  const found = text.matchAll(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/g);
  return [...found].map(([word]) =>
    word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/g, (_, double, single, plain) => double ?? single ?? plain),
  );
}

/** Bytes of `512m`, `1.5gb`, `1024`; undefined for anything else. */
export function bytes(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  const match = typeof value === "string" ? /^(-?[\d.]+)\s*([kmgt]?)i?b?$/i.exec(value.trim()) : null;
  if (!match) return undefined;
  return Number(match[1]) * 1024 ** ["", "k", "m", "g", "t"].indexOf((match[2] ?? "").toLowerCase());
}

/** Seconds of `1m30s`, `10s`, `500ms`; undefined for anything else. */
export function seconds(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || !/^(\d+(\.\d+)?(us|ms|s|m|h))+$/.test(value.trim())) return undefined;
  const units: Record<string, number> = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };
  return [...value.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h)/g)].reduce(
    (sum, [, n, unit]) => sum + Number(n) * (units[unit ?? ""] ?? 0),
    0,
  );
}
