// Rules name properties as @pulumi/docker does. In a compose file the same properties have other names.
import type { Dialect } from "./model.ts";

const composeNames: Record<string, string> = {
  "capabilities.adds": "cap_add",
  "capabilities.drops": "cap_drop",
  cgroupParent: "cgroup_parent",
  cgroupnsMode: "cgroup",
  destroyGraceSeconds: "stop_grace_period",
  driverOpts: "driver_opts",
  entrypoints: "entrypoint",
  envs: "environment",
  "healthcheck.tests": "healthcheck.test",
  ipcMode: "ipc",
  logDriver: "logging.driver",
  logOpts: "logging.options",
  maxRetryCount: "restart",
  memorySwap: "memswap_limit",
  networkMode: "network_mode",
  networksAdvanced: "networks",
  pidMode: "pid",
  readOnly: "read_only",
  securityOpts: "security_opt",
  usernsMode: "userns_mode",
  utsMode: "uts",
};
const names = new RegExp(
  `\\b(${Object.keys(composeNames)
    .map((name) => name.replace(".", "\\."))
    .join("|")})\\b`,
  "g",
);

/** `text` with every property named as it is in the reader's own files. */
export function inDialect(dialect: Dialect, text: string): string {
  return dialect === "compose" ? text.replace(names, (name) => composeNames[name] ?? name) : text;
}
