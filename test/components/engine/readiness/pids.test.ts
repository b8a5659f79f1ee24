import { expect, it } from "vitest";
import { takesPids } from "../../../../components/engine/readiness/pids.ts";
import { type EngineTraits, plainDocker } from "../../../../lib/engine/traits.ts";

const without = { ...plainDocker.limits, pids: false };

it.each<[string, Partial<EngineTraits>, boolean]>([
  ["Docker", {}, true],
  ["Docker without the controller, which warns", { limits: without }, true],
  ["Docker without cgroups, which fails", { cgroups: false }, false],
  ["Podman", { kind: "podman" }, true],
  ["Podman without the controller, which fails", { kind: "podman", limits: without }, false],
])("a limit of processes is set or not: %s", (_, traits, expected) => {
  expect(takesPids({ ...plainDocker, ...traits })).toBe(expected);
});
