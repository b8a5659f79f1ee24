// What an address to publish on means.
import { isIP } from "node:net";

/** `127.0.0.0/8` or `::1`, also as `[::1]` and mapped into IPv6. */
export function isLoopback(address: string): boolean {
  const bare = unbracketed(address);
  if (isIP(bare) === 4) return bare.startsWith("127.");
  if (isIP(bare) !== 6) return bare === "localhost";
  return canonical(bare) === "[::1]" || /^\[::ffff:7f[0-9a-f]{2}:/.test(canonical(bare));
}

/** `0.0.0.0`, `::` or nothing: every interface of the host. */
export function isEveryInterface(address: string): boolean {
  const bare = unbracketed(address);
  return bare === "" || bare === "0.0.0.0" || (isIP(bare) === 6 && canonical(bare) === "[::]");
}

/** Whether two spellings are the same address. */
export function sameAddress(a: string, b: string): boolean {
  const [x, y] = [unbracketed(a), unbracketed(b)];
  return x === y || (isIP(x) === 6 && isIP(y) === 6 && canonical(x) === canonical(y));
}

function unbracketed(address: string): string {
  return address.replace(/^\[(.*)\]$/, "$1");
}

function canonical(ipv6: string): string {
  try {
    return new URL(`http://[${ipv6.replace(/%.*$/, "")}]/`).hostname;
  } catch {
    return ipv6;
  }
}

// TEMPORARY until lib/addresses is rewritten
import { BlockList } from "node:net";

const privateRanges = new BlockList();
privateRanges.addSubnet("10.0.0.0", 8);
privateRanges.addSubnet("172.16.0.0", 12);
privateRanges.addSubnet("192.168.0.0", 16);
privateRanges.addSubnet("100.64.0.0", 10);
privateRanges.addSubnet("169.254.0.0", 16);
privateRanges.addSubnet("fc00::", 7, "ipv6");
privateRanges.addSubnet("fe80::", 10, "ipv6");

/** `loopback`, `private` (RFC 1918, 4193, 6598, link-local) or `public` (everything else, and all interfaces). */
export function reach(address: string): "loopback" | "private" | "public" {
  const family = isIP(address);
  if (family === 4 ? address.startsWith("127.") : address === "::1") return "loopback";
  return privateRanges.check(address, family === 6 ? "ipv6" : "ipv4") ? "private" : "public";
}
