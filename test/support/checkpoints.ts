// Checkpoints as Pulumi writes them, for tests of what is made of them.
import { createHash } from "node:crypto";

const version = "v3.259.0";

/** Where a clone has the state of the stack `dev`, and Pulumi's copies of it. */
export const stateFile = ".xnai/.pulumi/stacks/xnai/dev.json";
export const bakFile = `${stateFile}.bak`;
export const backupFile = ".xnai/.pulumi/backups/xnai/dev/dev.1795775837692925861.json";
export const historyFile = ".xnai/.pulumi/history/xnai/dev/dev-1795775837692232969.checkpoint.json";

/** What `pulumi stack init` of CLI 3.259.0 wrote for this passphrase. */
export const passphrase = "correct horse battery";
export const salt = "v1:yUtmDtdIVPA=:v1:YaZUHCk76KtVHdlX:g+ZzfJSdOF0gDNiGTbavI2nKTlaTuA==";

export const stackUrn = "urn:pulumi:dev::xnai::pulumi:pulumi:Stack::xnai-dev";

/** A resource below the stack's own. */
export const checkpointResource = (name: string, more: object = {}) => ({
  urn: `urn:pulumi:dev::xnai::t::${name}`,
  type: "t",
  parent: stackUrn,
  ...more,
});

export interface CheckpointParts {
  stack?: string;
  /** Beside the stack's own resource; undefined for a state without any. */
  resources?: object[] | undefined;
  /** @default 2026-11-27T12:00:00Z */
  time?: string;
  salt?: string;
}

/** The text of a whole one. */
export function checkpoint({
  stack = "dev",
  resources = [checkpointResource("one")],
  ...parts
}: CheckpointParts = {}): string {
  const { time = "2026-11-27T12:00:00Z", salt: own = salt } = parts;
  const all =
    resources.length === 0 ? {} : { resources: [{ urn: stackUrn, type: "pulumi:pulumi:Stack" }, ...resources] };
  const latest = {
    manifest: { time, magic: createHash("sha256").update(version).digest("hex"), version },
    secrets_providers: { type: "passphrase", state: { salt: own } },
    ...all,
  };
  return JSON.stringify({ version: 3, checkpoint: { stack: `organization/xnai/${stack}`, latest } });
}
