// The words of a message. A message is made of fixed text, numbers, and values that `shown` has let through: its type says so,
// so that no rule can print a value in passing. What is secret is never told from its looks alone: a value is shown where
// it has the form of what it should be (a name, a path, an address), and is left out otherwise.
import { isIP } from "node:net";
import { capabilityNames } from "./tables/capabilities.ts";
import { looksLikeSecret, tokenKind } from "./tables/secret-shapes.ts";

declare const said: unique symbol;
/** Text that may be shown to anybody. Only this file makes it. */
export type Said = string & { readonly [said]: true };

/** A message: ``say`publishes ${shown(path, "path")}` ``. */
export function say(words: TemplateStringsArray, ...parts: readonly (Said | number)[]): Said {
  return String.raw({ raw: words }, ...parts) as Said;
}

/** Several parts as one. */
export function joined(parts: readonly Said[], between: string): Said {
  return parts.join(between) as Said;
}

/** The same, beginning with a capital. */
export function capitalized(text: Said): Said {
  return (text.charAt(0).toUpperCase() + text.slice(1)) as Said;
}

/** Text of this package's own tables, or of the configuration of the rules: what its author wrote to be read. */
export function written(text: string): Said {
  return printable(text, 500) as Said;
}

/** What a value should be. */
export type Form =
  /** The name of a resource, as its author gave it. */
  | "name"
  /** The name of a variable, a label, an option or a property; what follows a name is cut off. */
  | "key"
  /** A property of a resource, with its place in a list. */
  | "property"
  /** A path of a file or directory. */
  | "path"
  /** An address in a network, without a port. */
  | "address"
  /** The host, or the path, or the tag of an image's name. */
  | "image"
  /** The name of a service or a product. */
  | "service"
  /** `uid:gid`. */
  | "user"
  /** What DeviceFact calls a device. */
  | "device"
  | "capability"
  /** A restart policy, with its attempts. */
  | "restart"
  /** The type of a Pulumi resource. */
  | "type"
  /** A URL, of which the scheme, the host and the port are shown. */
  | "url";

/** How a value that is not shown is called. */
const hidden = "(not shown)" as Said;

/**
 * The one place that decides which value may be shown, and how much of it.
 * @param as the form that it should have, or the words of which it should be one
 */
export function shown(value: string, as: Form | Iterable<string>): Said {
  if (typeof as !== "string") return ([...as].includes(value) ? value : hidden) as Said;
  if (as !== "url" && tokenKind(value) !== undefined) return hidden;
  return forms[as as Form](value) as Said;
}

/** Option names of one dash and several letters; in any other, what follows the letter may be its value, as in -pVALUE. */
const singleDash =
  /^-(dev|password|pass|passwd|token|secret|requirepass|auth|insecure-skip-verify|insecure-skip-tls-verify|no-check-certificate|trusted-host)$/;

/** A name with a dot in it, at most as long as DNS takes. */
const hostName = /^(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/;

const forms: Record<Form, (value: string) => string> = {
  name: (value) => printable(value, 300),
  key: (value) =>
    looksLikeSecret(value)
      ? hidden
      : /^-[^-]./.test(value) && !singleDash.test(value)
        ? `${value.slice(0, 2)}...`
        : cut(value, /^-{0,2}[A-Za-z_][\w./-]*/, 100),
  property: (value) => cut(value, /^[\w./"[\]*-]*/, 150),
  path: (value) => (/^[\w.~/]/.test(value) && !/[?=&;]|:\/\//.test(value) ? printable(value, 200) : hidden),
  address: (value) =>
    isIP(value.replace(/^\[(.*)\]$/, "$1").replace(/%\w+$/, "")) > 0 || value === "localhost" || hostName.test(value)
      ? value
      : hidden,
  image: (value) => (value.length <= 200 && /^[a-z0-9]+([._/:-]+[a-z0-9]+)*$/.test(value) ? value : hidden),
  service: (value) => (/^[a-z][a-z0-9_-]{0,40}$/.test(value) ? value : hidden),
  user: (value) => (/^(root|\d{1,10})?(:(root|\d{1,10}))?$/.test(value) ? value : hidden),
  device: (value) =>
    /^(device|GPUs|cgroup rule|a device \w+)( (\/dev\/[\w./-]*|all|\d{1,3}|[abc] [\d*]+:[\d*]+ [rwm]+))?/.exec(
      value,
    )?.[0] ?? hidden,
  capability: (value) => (capabilityNames.has(value.trim().toUpperCase().replace(/^CAP_/, "")) ? value.trim() : hidden),
  restart: (value) => (/^(no|always|unless-stopped|on-failure(:\d{1,6})?)?$/.test(value) ? value : hidden),
  type: (value) => (/^[a-z][\w-]*:[\w/-]*:[A-Z]\w*$/.test(value) ? value : hidden),
  url: (value) =>
    /^[a-z][a-z0-9+.-]{0,20}:\/\/(?=(?:[^/?#]*@)?([\w.-]+|\[[\da-f:]+\])(:\d{1,5})?(?:$|[/?#]))/i.exec(value)
      ? schemeAndHost(value)
      : hidden,
};

function schemeAndHost(url: string): string {
  return url.replace(/^([^:]+:\/\/)(?:[^/?#]*@)?([^/?#]*).*$/s, "$1$2");
}

/** As much of `value` as `name` matches; "..." for the rest. */
function cut(value: string, name: RegExp, most: number): string {
  const legal = (name.exec(value)?.[0] ?? "").slice(0, most);
  return legal === value ? value : legal === "" ? hidden : `${legal}...`;
}

/** Without what a terminal or a CI log would act on: control characters, line breaks, and what changes the direction. */
export function printable(text: string, most: number): string {
  const plain = text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
  return plain.length > most ? `${plain.slice(0, most)}...` : plain;
}
