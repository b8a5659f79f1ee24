import { describe, expect, it } from "vitest";
import { engineHost } from "../../../../components/engine/api/connection.ts";

describe("the engine that tasks run on is the provider's", () => {
  it.each<[string, string | undefined, string | undefined, string]>([
    ["neither is set", undefined, undefined, "unix:///var/run/docker.sock"],
    ["only DOCKER_HOST is", undefined, "unix:///a.sock", "unix:///a.sock"],
    ["only docker:host is", "unix:///b.sock", undefined, "unix:///b.sock"],
    ["both are the same", "unix:///a.sock", "unix:///a.sock", "unix:///a.sock"],
  ])("when %s", (_, host, DOCKER_HOST, expected) => {
    expect(engineHost({ host }, { DOCKER_HOST })).toBe(expected);
  });

  it("and two different ones are an error before anything happens, with both addresses in it", () => {
    expect(() => engineHost({ host: "unix:///b.sock" }, { DOCKER_HOST: "unix:///a.sock" })).toThrow(
      /docker:host is unix:\/\/\/b\.sock, but DOCKER_HOST is unix:\/\/\/a\.sock.*\nRemove docker:host .* Nothing was changed\./,
    );
  });
});
