import { expect, it } from "vitest";
import { plainDocker } from "../../../../lib/engine/traits.ts";
import { untested } from "../../../../ops/engine/preflight/untested.ts";

it("names an engine that no test has seen", () => {
  const podman = (version: string) => untested({ version, traits: { ...plainDocker, kind: "podman" } });
  expect(podman("4.9.3")).toBe("Podman 4.9.3 is not tested with this stack, Podman 5 is");
  expect(podman("6.0.0")).toContain("Podman 6.0.0 is not tested");
  expect(podman("5.4.2")).toBeUndefined();
  expect(untested({ version: "4.9.3", traits: plainDocker })).toBeUndefined();
});
