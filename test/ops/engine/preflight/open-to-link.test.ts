import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../../components/config/parse.ts";
import { type EngineTraits, plainDocker } from "../../../../lib/engine/traits.ts";
import { exitCode } from "../../../../lib/errors.ts";
import type { Engine } from "../../../../ops/engine/connection/connect.ts";
import { checkOpenToLink, openToLink } from "../../../../ops/engine/preflight/open-to-link.ts";

const engine = (version: string, more: Partial<EngineTraits> = {}) =>
  ({ version, traits: { ...plainDocker, ...more } }) as Engine;
const config = (more: object = {}) => parseConfig({ egress: ["qdrant"], ...more });

describe("services with egress on an engine that does not keep the link out", () => {
  it.each(["20.10.24+dfsg1", "26.1.5", "27.5.1"])("are refused on %s, in words", (version) => {
    expect(() => checkOpenToLink(engine(version), config())).toThrow(
      expect.objectContaining({
        code: exitCode.machine,
        message: expect.stringContaining(`on Docker ${version} every machine on the same link`),
        fix: expect.stringMatching(/Docker to 28.*xnai:egressOpenToLink: true.*Nothing was changed/),
      }),
    );
  });

  it("are none of a problem on 28, on a rootless engine, when it is accepted, and when there are none", () => {
    for (const version of ["28.0.0", "29.1.0"]) checkOpenToLink(engine(version), config());
    checkOpenToLink(engine("26.1.5", { rootless: true }), config());
    checkOpenToLink(engine("26.1.5"), config({ egressOpenToLink: true }));
    checkOpenToLink(engine("26.1.5"), config({ egress: [] }));
    checkOpenToLink(engine("26.1.5"), config({ services: { qdrant: false } }));
  });

  it("are refused on Podman with root, which drops nothing of that", () => {
    expect(openToLink(engine("29.0.0", { kind: "podman" }), config())).toMatch(/on Podman 29.0.0 every machine/);
    expect(openToLink(engine("5.4.2", { kind: "podman", rootless: true }), config())).toBeUndefined();
  });

  it("are told of in a preview also when that was accepted", () => {
    expect(openToLink(engine("26.1.5"), config({ egressOpenToLink: true }))).toMatch(/^qdrant may reach the internet/);
    expect(openToLink(engine("28.1.0"), config())).toBeUndefined();
  });
});
