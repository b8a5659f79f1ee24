import { expect, it } from "vitest";
import { parseConfig } from "../../../../components/config/parse.ts";
import { exitCode } from "../../../../lib/errors.ts";
import { checkRoom, shortage } from "../../../../ops/engine/preflight/room.ts";

const place = { what: "the state", path: "/x", needsMiB: 32 };
const system = (freeMiB: number, ffree = 1e6, files = 1e7) => ({ bavail: freeMiB, bsize: 2 ** 20, files, ffree });

it("is enough, or says how much is missing", () => {
  expect(shortage(place, system(32))).toEqual([]);
  expect(shortage(place, system(31))).toEqual([
    "/x (the state) has 31 MiB free, and an update may need 32 MiB: 1 MiB are missing.",
  ]);
  expect(shortage(place, system(1000, 500))).toEqual([
    "/x (the state) has 500 inodes free, and an update may need 2000: 1500 are missing.",
  ]);
});

it("has no inodes to count on some file systems, and is not judged where it may not be looked at", () => {
  expect(shortage(place, system(1000, 0, 0))).toEqual([]);
  expect(shortage(place, undefined)).toEqual([]);
});

it("is looked at in the places of this machine; /proc has none", () => {
  const config = parseConfig({ storage: { root: "/proc/not/there/yet" } });
  expect(() => checkRoom({ local: true }, config, "/proc")).toThrow(
    expect.objectContaining({
      code: exitCode.machine,
      message: expect.stringMatching(/\/proc \(the engine's data\) has 0 MiB.*256 MiB are missing.*\n.*storage\.root/),
      fix: expect.stringContaining("Nothing was changed"),
    }),
  );
  checkRoom({ local: false }, config, "/proc");
});
