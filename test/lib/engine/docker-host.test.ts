import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { describe, expect, it, vi } from "vitest";
import { dockerOptions } from "../../../lib/engine/docker-host.ts";

describe("addresses", () => {
  it.each(["tcp://127.0.0.1:2375", "tcp://box"])("refuses %s without TLS", (host) => {
    expect(() => dockerOptions(host)).toThrow("is not encrypted");
  });

  it.each(["/var/run/docker.sock", "unix://", "npipe:////./pipe/docker_engine", "nonsense"])("refuses %s", (host) => {
    expect(() => dockerOptions(host)).toThrow(`DOCKER_HOST=${host} is not an address`);
  });

  it("says what a bare pulumi has to do about an engine behind ssh", () => {
    expect(() => dockerOptions("ssh://ann@box:2222/run/podman/podman.sock")).toThrow(
      expect.objectContaining({
        message: expect.stringContaining("a bare pulumi makes none"),
        fix: expect.stringMatching(
          /npm run up.*ssh -nNT -L \S+:\/run\/podman\/podman.sock -p 2222 ann@box.*XNAI_ENGINE_MACHINE=ann@box/,
        ),
      }),
    );
  });

  it("leads to a socket whatever DOCKER_HOST names", () => {
    vi.stubEnv("DOCKER_HOST", "ssh://ann@box:2222");
    const { modem } = new Docker(dockerOptions("unix:///tmp/a%20b.sock"));
    vi.unstubAllEnvs();
    expect(modem).toMatchObject({ socketPath: "/tmp/a b.sock", protocol: "http", host: undefined, port: undefined });
  });

  it("uses TLS with the three files of DOCKER_CERT_PATH, and names the one it cannot read", () => {
    const at = mkdtempSync(join(tmpdir(), "xnai engine "));
    for (const name of ["ca", "cert"]) writeFileSync(join(at, `${name}.pem`), name);
    expect(() => dockerOptions("tcp://box:2377", at)).toThrow("key.pem");
    writeFileSync(join(at, "key.pem"), "key");
    expect(dockerOptions("tcp://box:2377", at)).toEqual({
      protocol: "https",
      host: "box",
      port: "2377",
      ca: "ca",
      cert: "cert",
      key: "key",
    });
  });
});
