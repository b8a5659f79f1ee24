import { describe, expect, it } from "vitest";
import { sshArguments, sshHost, sshWords } from "../../../lib/engine/ssh-host.ts";

describe("an engine's address on another machine", () => {
  it.each([
    ["ssh://ann@box", { destination: "ann@box" }, ["--", "ann@box"], "ann@box"],
    ["ssh://my-Box", { destination: "my-Box" }, ["--", "my-Box"], "my-Box"],
    [
      "ssh://ann@box:2222/",
      { destination: "ann@box", port: "2222" },
      ["-p", "2222", "--", "ann@box"],
      "-p 2222 ann@box",
    ],
    [
      "ssh://ann@[fd00::7]/run/user/1000/podman/podman.sock",
      { destination: "ann@fd00::7", socket: "/run/user/1000/podman/podman.sock" },
      ["--", "ann@fd00::7"],
      "ann@fd00::7",
    ],
    // Nothing that it names is an option of ssh.
    ["ssh://-oProxyCommand=x", { destination: "-oProxyCommand=x" }, ["--", "-oProxyCommand=x"], "-oProxyCommand=x"],
  ])("%s", (address, read, args, words) => {
    expect(sshHost(address)).toEqual(read);
    expect(sshArguments(sshHost(address))).toEqual(args);
    expect(sshWords(sshHost(address))).toBe(words);
  });

  it.each(["ssh://", "ssh:///run/x.sock", "ssh://box?x=1"])("%s leads nowhere", (address) => {
    expect(() => sshHost(address)).toThrow("not an address that ssh can use");
  });

  it("holds no password, and none is repeated", () => {
    expect(() => sshHost("ssh://ann:geheim@box")).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("geheim") }),
    );
    expect(() => sshHost("ssh://ann:geheim@box")).toThrow("ssh://ann:***@box holds a password");
  });
});
