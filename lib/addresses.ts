// The one classification of addresses: the configuration, the policies and the reports all ask here.
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** Who can connect to something that listens on an address. */
export type Reach = "loopback" | "private" | "public";

/** Ranges as ipaddr.js names them: RFC 1918, RFC 6598, RFC 4193, and link-local of both families. */
const privateRanges = ["private", "carrierGradeNat", "uniqueLocal", "linkLocal"];

/**
 * Who can reach an address, however it is spelled: brackets, a zone (`%eth0`) and IPv4 mapped into IPv6 make no
 * difference. Whatever is not an address counts as public, as do `0.0.0.0` and `::`; `localhost` is loopback.
 */
export function reach(address: string): Reach {
  if (address === "localhost") return "loopback";
  const range = parsed(address)?.range();
  if (range === undefined) return "public";
  if (range === "loopback") return "loopback";
  return privateRanges.includes(range) ? "private" : "public";
}

/** Whether only this machine can reach it: `127.0.0.0/8`, `::1` or `localhost`. */
export function isLoopback(address: string): boolean {
  return reach(address) === "loopback";
}

/** Whether it stands for every interface of the host: `0.0.0.0`, `::` or nothing. */
export function isEveryInterface(address: string): boolean {
  return ["", "0.0.0.0", "::"].includes(parsed(address)?.toString() ?? unbracketed(address));
}

/** Whether two spellings mean the same address. Text that is not an address is compared as it is. */
export function sameAddress(a: string, b: string): boolean {
  const [first, second] = [parsed(a), parsed(b)];
  if (!first || !second) return unbracketed(a) === unbracketed(b);
  return first.toString() === second.toString();
}

/** The address, with IPv4 that was mapped into IPv6 as IPv4 again; undefined if it is not an address. */
function parsed(address: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const bare = unbracketed(address).replace(/%.*$/, "");
  // ipaddr.js also takes 127.1 or 0x7f.0.0.1, which the engines do not.
  if (isIP(bare) === 0) return undefined;
  // `::127.0.0.1` is ::7f00:1, an address like any other; ipaddr.js would take it for the mapped ::ffff:127.0.0.1.
  return ipaddr.process(bare.replace(/^::(?=\d+\.)/, "::0:"));
}

function unbracketed(address: string): string {
  return address.replace(/^\[(.*)\]$/, "$1");
}
