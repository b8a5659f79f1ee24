import { expect, it } from "vitest";
import { parseConfig } from "../../../../components/config/parse.ts";
import { homeOf, isHome } from "../../../../ops/engine/connection/home.ts";
import { network, stateOf } from "../../../support/state.ts";

const docker = { kind: "docker", rootless: false } as const;
const podman = { kind: "podman", rootless: false } as const;

it("a stack lives where its configuration says, once it has something there", () => {
  const config = parseConfig({ engine: { kind: "podman", rootless: true } });
  expect(homeOf(config, stateOf(network("main", "1")))).toEqual({ kind: "podman", rootless: true });
  expect(homeOf(config, stateOf())).toBeUndefined();
  expect(homeOf(config, undefined)).toBeUndefined();
});

it.each([
  [docker, docker, true],
  // Nobody wrote down that a stack is on rootless Docker before there was a key for it.
  [docker, { ...docker, rootless: true }, true],
  [{ ...docker, rootless: true }, docker, false],
  [podman, { ...podman, rootless: true }, false],
  [{ ...podman, rootless: true }, podman, false],
  [docker, podman, false],
  [podman, docker, false],
] as const)("%o is at home on %o: %s", (home, engine, expected) => {
  expect(isHome(home, engine)).toBe(expected);
});
