import { describe, expect, it } from "vitest";
import { exitCode } from "../../../../lib/errors.ts";
import { sshError } from "../../../../ops/engine/remote/ssh-error.ts";

const ssh = { destination: "ann@box", port: "2222" };

describe("what ssh says, in words", () => {
  it.each([
    [
      "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key for [box]:2222 has changed\nHost key verification failed.",
      "The host key of ann@box is not the one that this machine knows",
      "ssh-keygen -R '[box]:2222'",
    ],
    [
      "No ED25519 host key is known for box and you have requested strict checking.\nHost key verification failed.",
      "This machine does not know the host key of ann@box.",
      "compare the fingerprint that it shows: ssh -p 2222 ann@box",
    ],
    [
      "ann@box: Permission denied (publickey,password).",
      "ann@box accepts none of your ssh keys (it takes: publickey, password).",
      "ssh-copy-id -p 2222 ann@box",
    ],
    [
      "Received disconnect from 10.0.0.7 port 22:2: Too many authentication failures",
      "accepts none of your ssh keys.",
      "ssh-add",
    ],
    [
      "ssh: Could not resolve hostname box: Name or service not known",
      "The machine box is not known by that name.",
      "~/.ssh/config",
    ],
    [
      "ssh: connect to host box port 2222: Connection refused",
      "No ssh server answers at ann@box, port 2222: connection refused.",
      "ssh -p 2222 ann@box",
    ],
    ["ssh: connect to host box port 2222: Connection timed out", "timed out", "whether that machine is on"],
    [
      "channel 1: open failed: connect failed: open failed",
      "Nothing listens on the engine's socket on ann@box, or its ssh server does not let sockets through.",
      "AllowStreamLocalForwarding yes",
    ],
    [
      "This account is currently not available.",
      "ssh does not lead to ann@box: This account is currently not available.",
      "by hand",
    ],
    ["", "ssh does not lead to ann@box.", "by hand"],
  ])("%s", (said, what, fix) => {
    expect(sshError(ssh, said)).toMatchObject({
      code: exitCode.machine,
      message: expect.stringContaining(what),
      fix: expect.stringContaining(fix),
    });
    expect(sshError(ssh, said).fix).toMatch(/Nothing was changed\.$/);
  });
});
