import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dockerOptions } from "../../../lib/engine/docker-host.ts";

describe("addresses", () => {
  it.each(["tcp://127.0.0.1:2375", "tcp://box"])("refuses %s without TLS", (host) => {
    expect(() => dockerOptions(host, { DOCKER_HOST: host })).toThrow("is not encrypted");
    expect(() => dockerOptions(host, { DOCKER_HOST: host, DOCKER_TLS_VERIFY: "1" })).toThrow("is not encrypted");
  });

  it.each(["/var/run/docker.sock", "unix://", "npipe:////./pipe/docker_engine", "ssh://box", "nonsense"])(
    "refuses %s",
    (host) => {
      expect(() => dockerOptions(host, { DOCKER_HOST: host })).toThrow(`DOCKER_HOST=${host} is not an address`);
    },
  );

  it("uses TLS with the three files of DOCKER_CERT_PATH, and names the one it cannot read", () => {
    const at = mkdtempSync(join(tmpdir(), "xnai engine "));
    const env = { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: at };
    for (const name of ["ca", "cert"]) writeFileSync(join(at, `${name}.pem`), name);
    expect(() => dockerOptions("tcp://box:2377", env)).toThrow("key.pem");
    writeFileSync(join(at, "key.pem"), "key");
    expect(dockerOptions("tcp://box:2377", env)).toEqual({
      protocol: "https",
      host: "box",
      port: "2377",
      ca: "ca",
      cert: "cert",
      key: "key",
    });
  });
});
