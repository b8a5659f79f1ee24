// The container of Qdrant as Pulumi registers it, and its configuration file.
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseConfig } from "../../../components/config/parse.ts";
import { qdrant, qdrantYaml } from "../../../components/qdrant/definition.ts";
import { localStack, viewOf, wholeStack } from "../../support/whole-stacks.ts";

const { inputs, env } = viewOf(await localStack());

describe("Qdrant", () => {
  it("does not go through entrypoint.sh, and asks nobody for updates", () => {
    expect(inputs("qdrant").entrypoints).toBeUndefined();
    const [, , script, , ...args] = inputs("qdrant").command ?? [];
    expect(script).toMatch(/exec \.\/qdrant --config-path "\$1"$/);
    expect(args).toEqual(["/run/xnai/qdrant.yaml"]);
    expect(env("qdrant").QDRANT__TELEMETRY_DISABLED).toBe("true");
  });

  it("logs what the configuration asks for, by default as much as Qdrant does by itself", async () => {
    expect(env("qdrant").QDRANT__LOG_LEVEL).toBe("INFO");
    const changed = viewOf(await wholeStack({ images: { source: "local" }, qdrant: { logLevel: "DEBUG" } }));
    expect(changed.env("qdrant").QDRANT__LOG_LEVEL).toBe("DEBUG");
    expect(changed.inputs("qdrant").command).toEqual(inputs("qdrant").command);
    expect(() => parseConfig({ qdrant: { logLevel: "debug" } })).toThrow(/qdrant\.logLevel/);
  });

  it("quotes its keys, so that none is read as a number", () => {
    for (const key of ["0123456789", "12e5", "0x1F", "true", "~"]) {
      const yaml = parse(qdrantYaml({ dashboard: false }, { full: key, readOnly: `${key}r` }));
      expect(yaml.service).toMatchObject({
        api_key: key,
        read_only_api_key: `${key}r`,
        enable_static_content: false,
        enable_cors: false,
        jwt_rbac: true,
        enable_snapshot_url_recovery: false,
      });
    }
    expect(parse(qdrantYaml({ dashboard: true }, { full: "a", readOnly: "b" })).service.enable_static_content).toBe(
      true,
    );
  });

  it("starts anew for each change of its file but that tokens count, which stacks of before learn with their first app", () => {
    const content = qdrant.files?.(parseConfig({}), [])["qdrant.yaml"];
    if (content === undefined || typeof content === "string") throw new Error("no secrets in it");
    const restart = content.parts?.restart;
    if (restart === undefined || typeof restart === "string") throw new Error("no secrets in it");
    expect(content.render("full", "reading")).toContain("\n  jwt_rbac: true\n");
    expect(restart.render("full", "reading")).toBe(content.render("full", "reading").replace("  jwt_rbac: true\n", ""));
    expect(content.parts?.live).toBeUndefined();
  });

  it("keeps storage and snapshots apart, both its own", () => {
    const writable = inputs("qdrant").volumes.filter(({ readOnly }) => !readOnly);
    expect(writable.map(({ volumeName, containerPath }) => [volumeName, containerPath])).toEqual([
      ["xnai_qdrant_storage", "/qdrant/storage"],
      ["xnai_qdrant_snapshots", "/qdrant/snapshots"],
    ]);
  });
});
