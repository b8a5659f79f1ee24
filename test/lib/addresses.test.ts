// One classification: whatever the spelling, the configuration and the policies give the same answer.
import { BlockList } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError, parseConfig } from "../../components/config/parse.ts";
import { isEveryInterface, isLoopback, type Reach, reach, sameAddress } from "../../lib/addresses.ts";
import { judge } from "../policies/support/judge.ts";
import { changed } from "../policies/support/stack.ts";

/** What the ranges are by an independent reading of them: Node's own. */
const ranges: Record<Exclude<Reach, "public">, BlockList> = { loopback: new BlockList(), private: new BlockList() };
ranges.loopback.addSubnet("127.0.0.0", 8);
ranges.loopback.addAddress("::1", "ipv6");
for (const [network, prefix] of [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["100.64.0.0", 10],
  ["169.254.0.0", 16],
] as const)
  ranges.private.addSubnet(network, prefix);
ranges.private.addSubnet("fc00::", 7, "ipv6");
ranges.private.addSubnet("fe80::", 10, "ipv6");

function expected(address: string, family: "ipv4" | "ipv6"): Reach {
  if (ranges.loopback.check(address, family)) return "loopback";
  return ranges.private.check(address, family) ? "private" : "public";
}

interface Spelled {
  spellings: string[];
  reach: Reach;
}

const hex = (groups: number[]) => groups.map((group) => group.toString(16));
const octet = fc.integer({ min: 0, max: 255 });

/** An IPv4 address with every way to write it down, half of them in or beside the ranges that count. */
const ipv4 = fc
  .tuple(fc.oneof(octet, fc.constantFrom(0, 10, 100, 126, 127, 128, 169, 172, 192)), octet, octet, octet)
  .map((octets): Spelled => {
    const [a, b, c, d] = octets;
    const dotted = octets.join(".");
    const mapped = hex([0, 0, 0, 0, 0, 0xffff, a * 256 + b, c * 256 + d]);
    const short = `::ffff:${mapped.slice(6).join(":")}`;
    return {
      spellings: [dotted, `::ffff:${dotted}`, `0:0:0:0:0:ffff:${dotted}`, short, short.toUpperCase(), mapped.join(":")],
      reach: expected(dotted, "ipv4"),
    };
  });

/** The same for IPv6. Addresses that map IPv4 are above. */
const ipv6 = fc
  .oneof(
    fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }),
    fc.constantFrom<number[]>([0, 0, 0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0x7f00, 1]),
    fc
      .tuple(fc.integer({ min: 0xfb00, max: 0xffff }), fc.integer({ min: 0, max: 0xffff }))
      .map(([first, last]) => [first, 0, 0, 0, 0, 0, 0, last]),
  )
  .map((groups): Spelled => {
    const full = hex(groups);
    const padded = full.map((group) => group.padStart(4, "0")).join(":");
    const compressed = full.join(":").replace(/(^|:)0(:0)+(:|$)/, "::");
    return {
      spellings: [full.join(":"), padded, padded.toUpperCase(), compressed, `${compressed}%lo`],
      reach: expected(full.join(":"), "ipv6"),
    };
  });
const address = fc.oneof(ipv4, ipv6);

function accepted(exposure: object): boolean {
  try {
    parseConfig({ exposure });
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return false;
  }
}
const allowedByPolicies = (ip: string) =>
  !judge(changed("redis", { ports: [{ internal: 6379, external: 6379, ip }] })).some(
    ({ rule, status }) => rule.name === "port-bound-to-loopback" && status === "violation",
  );

describe("every spelling of an address", () => {
  it("has the reach of the address", () => {
    fc.assert(
      fc.property(address, ({ spellings, reach: wanted }) => {
        for (const each of [...spellings, ...spellings.map((spelling) => `[${spelling}]`)]) {
          expect(reach(each), each).toBe(wanted);
          expect(isLoopback(each), each).toBe(wanted === "loopback");
          if (isEveryInterface(each)) expect(wanted, each).toBe("public");
          expect(sameAddress(each, spellings[0] ?? ""), each).toBe(true);
        }
      }),
    );
  });

  it("is the same to the configuration and to the policies", () => {
    fc.assert(
      fc.property(address, ({ spellings, reach: wanted }) => {
        for (const each of spellings) {
          expect(accepted({ redis: { address: each } }), `redis on ${each}`).toBe(wanted === "loopback");
          expect(accepted({ caddy: { address: each } }), `caddy on ${each}`).toBe(wanted !== "public");
          expect(allowedByPolicies(each), `policies on ${each}`).toBe(wanted === "loopback");
        }
      }),
      { numRuns: 30 },
    );
  });
});

it.each([
  ["loopback", ["::ffff:127.0.0.1", "0:0:0:0:0:0:0:1", "::ffff:7f00:1", "[::1]", "localhost"]],
  ["private", ["::ffff:192.168.1.1", "::FFFF:a00:1", "fe80::1%eth0"]],
  ["public", ["", "0.0.0.0", "::", "::ffff:0.0.0.0", "::127.0.0.1", "64:ff9b::127.0.0.1"]],
  ["public", ["127.1", "0x7f.0.0.1", "2130706433", "127.0.0.1:80", "127.0.0.1.example", "example.org"]],
])("%s: %s", (wanted, addresses) => {
  for (const each of addresses) expect(reach(each), each).toBe(wanted);
});

it("knows every interface in all of its spellings, and nothing else as it", () => {
  for (const each of ["", "[]", "0.0.0.0", "::", "[::]", "0:0:0:0:0:0:0:0", "::ffff:0.0.0.0"])
    expect(isEveryInterface(each), each).toBe(true);
  for (const each of ["0.0.0.1", "::1", "*", "0", "example.org"]) expect(isEveryInterface(each), each).toBe(false);
});

it("takes two addresses for one only when they are", () => {
  fc.assert(
    fc.property(address, address, (a, b) => {
      const same = a.spellings[0] === b.spellings[0];
      for (const [i, each] of a.spellings.entries())
        expect(sameAddress(each, b.spellings[i % b.spellings.length] ?? ""), `${each} and ${b.spellings}`).toBe(same);
    }),
  );
  expect(sameAddress("example.org", "example.org")).toBe(true);
  expect(sameAddress("example.org", "::1")).toBe(false);
});

describe("reach", () => {
  it.each([
    ["loopback", ["127.0.0.1", "127.255.255.255", "::1"]],
    ["private", ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "169.254.1.1"]],
    ["private", ["fd00::1", "fe80::1", "::ffff:10.0.0.1"]],
    ["public", ["0.0.0.0", "::", "8.8.8.8", "172.32.0.1", "172.15.0.1", "100.128.0.1", "126.0.0.1", "128.0.0.1"]],
    ["public", ["2001:db8::1", "::ffff:8.8.8.8", "192.169.0.1"]],
  ])("%s: %s", (expected, addresses) => {
    for (const address of addresses) expect(reach(address), address).toBe(expected);
  });
});
