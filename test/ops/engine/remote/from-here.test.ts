import { expect, it } from "vitest";
import { parseConfig } from "../../../../components/config/parse.ts";
import { namedMachine, notCheckedFromHere, reachedFromHere } from "../../../../ops/engine/remote/from-here.ts";

const ssh = { destination: "ann@box", port: "2222" };
const off = { consul: false, redis: false, qdrant: false };

it("addresses on the other machine's loopback are reached through a tunnel, others are not", () => {
  const config = parseConfig({ exposure: { ...off, redis: { port: 6400 }, caddy: { address: "10.0.0.7" } } });
  expect(reachedFromHere(ssh, config)).toBe(
    "localhost and 127.0.0.1 mean ann@box. To use these addresses from here, keep this open in another terminal: ssh -NT -L 6400:127.0.0.1:6400 -p 2222 ann@box",
  );
});

it("there is nothing to say of an engine on this machine, or where nothing is published", () => {
  expect(reachedFromHere(undefined, parseConfig({}))).toBeUndefined();
  expect(reachedFromHere(ssh, parseConfig({ exposure: { ...off, caddy: false } }))).toBeUndefined();
});

it("what is not checked from here is said", () => {
  const config = parseConfig({ storage: { root: "/srv/xnai" } });
  expect(notCheckedFromHere({ local: true, host: "unix:///x" }, config)).toBeUndefined();
  expect(notCheckedFromHere({ local: false, host: "unix:///t", ssh }, config)).toMatch(
    /^the engine is on ann@box, .*: storage\.root \(\/srv\/xnai\), addresses/,
  );
  expect(notCheckedFromHere({ local: false, host: "tcp://box:2376" }, parseConfig({}))).toMatch(/on tcp:\/\/box:2376,/);
});

it("the machine is known from the address that the user gave", () => {
  expect(namedMachine({ DOCKER_HOST: "ssh://ann@box" })).toEqual({ destination: "ann@box" });
  expect(namedMachine({ DOCKER_HOST: "unix:///x" })).toBeUndefined();
});
