import { expect, it } from "vitest";
import { parseConfig } from "../../../../components/config/parse.ts";
import { exitCode } from "../../../../lib/errors.ts";
import { checkAnswers } from "../../../../ops/engine/preflight/answers.ts";

const exposure = { caddy: { address: "192.168.1.2" } };

it("an address beyond loopback is refused on Podman with root, where no client there would be answered", () => {
  expect(() => checkAnswers(parseConfig({ engine: { kind: "podman" }, exposure }))).toThrow(
    expect.objectContaining({
      code: exitCode.machine,
      message: expect.stringMatching(/^exposure\.caddy\.address is 192\.168\.1\.2, but on Podman with root/),
      fix: expect.stringContaining("without root"),
    }),
  );
});

it("and nowhere else", () => {
  checkAnswers(parseConfig({ engine: { kind: "podman" } }));
  for (const engine of [{ kind: "podman", rootless: true }, {}, { rootless: true }])
    checkAnswers(parseConfig({ engine, exposure }));
});
