// Labels by which the stack knows what it made, and by which the policies know what a container is.

/** Labels on every container, volume and network of the stack. */
export const label = {
  /** The stack's own id: `<prefix>`. What carries it is ours to remove; what does not is never touched. */
  stack: "io.xnai.stack",
  service: "io.xnai.service",
  /** `service` (long-running), `job` (runs to completion), or `config` (a volume that every `up` writes anew). */
  role: "io.xnai.role",
  /** On a preparing Job: the `uid:gid` to which it gives every volume that it mounts. */
  owner: "io.xnai.owner",
} as const;

/** `label.role` of a volume with configuration files: it holds no data and goes with the stack. */
export const configRole = "config";
