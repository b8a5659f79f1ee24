import { expect, it } from "vitest";
import { parseConfig } from "../../../../components/config/parse.ts";
import { missingAddresses } from "../../../../ops/engine/preflight/addresses.ts";

const config = (address: string) =>
  parseConfig({ exposure: { caddy: { address: "192.168.213.77" }, redis: { address } } });

it("an address that this machine does not have is named, with its key, and others are not", async () => {
  const found = await missingAddresses({ local: true }, config("127.0.0.1"));
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(
    /^exposure\.caddy\.address is 192\.168\.213\.77, which is not one of this machine's addresses/,
  );
});

it("nothing is said of an engine on another machine", async () => {
  expect(await missingAddresses({ local: false }, config("127.0.0.1"))).toEqual([]);
});
