import { expect, it } from "vitest";
import { Clone } from "../../support/clone.ts";

const clone = new Clone();

it.each(["config:\n  xnai:prefix: lab\n", "config: {}\n", "config:\n", "{}\n"])(
  "a configuration without its secrets takes further values: %j",
  async (text) => {
    const { withoutSecrets } = await clone.load<typeof import("../../../ops/pulumi/copy.ts")>("ops/pulumi/copy.ts");
    clone.write("Pulumi.lab.yaml", text);
    const document = withoutSecrets("lab");
    document.setIn(["config", "xnai:engine"], { kind: "podman" });
    expect(document.toJS().config["xnai:engine"]).toEqual({ kind: "podman" });
  },
);
