import { expect, it } from "vitest";
import { withHostIds } from "../../../../components/engine/tasks/host-ids.ts";

const map = [
  { container_id: 0, host_id: 1001, size: 1 },
  { container_id: 1, host_id: 200_000, size: 65_536 },
];
const mappings = { uidmap: map, gidmap: map };

it("an owner has both numbers, the container's and the host's", () => {
  expect(withHostIds("volume lab_data: 4 of 7 entries given to 1000:1000 (were: 4242:4242 0:0)", mappings)).toBe(
    "volume lab_data: 4 of 7 entries given to 1000:1000 (200999:200999 on the host) (were: 4242:4242 (204241:204241 on the host) 0:0 (1001:1001 on the host))",
  );
});

it("one whom the user namespace does not know is said to be that", () => {
  expect(withHostIds("directory /srv: data belongs to 65534:65534 instead of 1000:1000", mappings)).toMatch(
    /65534:65534 \(somebody on the host whom this engine's user namespace does not know\) instead of 1000:1000 \(200999/,
  );
});

it("an engine that maps nothing, or does not say what, changes nothing; neither do ports and times", () => {
  const line = "entries given to 1000:1000";
  expect([withHostIds(line, {}), withHostIds(line, { uidmap: null, gidmap: null })]).toEqual([line, line]);
  for (const text of ["at 12:30:05", "127.0.0.1:8000", "70000:70000"]) expect(withHostIds(text, mappings)).toBe(text);
});
