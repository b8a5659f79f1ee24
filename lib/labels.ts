// Labels by which the stack knows what it made, and by which the policies know what a container is.

/** Labels on every container, volume and network of the stack. */
export const label = {
  /** The stack's own id: `<prefix>`. What carries it is ours to remove; what does not is never touched. */
  stack: "io.xnai.stack",
  service: "io.xnai.service",
  /** `service` (long-running), `task` (runs to its end), or `config` (a volume that every `up` writes anew). */
  role: "io.xnai.role",
  /** On a task that prepares: the `uid:gid` to which it gives every volume that it mounts. */
  owner: "io.xnai.owner",
  /** On an app: the services, with spaces between, at which it logs in with a credential that others have, too. */
  shared: "io.xnai.shared-login",
  /** On the container of a task: whose it is, so that what an interrupted run leaves behind is known again (components/engine/tasks/). */
  state: "io.xnai.state",
} as const;

/** `label.role` of a volume with configuration files: it holds no data and goes with the stack. */
export const configRole = "config";

/** `label.role` of a volume with data: it outlives the stack. */
export const dataRole = "data";

/** `label.role` of a container that runs to its end. */
export const taskRole = "task";
