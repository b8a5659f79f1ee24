// Every query of KICS that a rule claims to cover: what that query finds, the rule finds too.
import { expect, it } from "vitest";
import { allRules } from "../../policies/rules/all.ts";
import { one } from "../ops/audit/compose/composed.ts";

/** A service that the query finds, by KICS' own definition (assets/queries/dockerCompose), as lines under it. */
const found: Record<string, string> = {
  "Volume Mounted In Multiple Containers":
    "volumes: [{ type: bind, source: /srv/a, target: /a, bind: { propagation: rslave } }]",
  "Volume Has Sensitive Host Directory": "volumes: ['/etc:/host']",
  "Docker Socket Mounted In Container": "volumes: ['/var/run/docker.sock:/var/run/docker.sock']",
  "No New Privileges Not Set": "security_opt: ['no-new-privileges:false']",
  "Privileged Containers Enabled": "privileged: true",
  "Healthcheck Not Set": "user: '1'",
  "Cgroup Not Default": "cgroup_parent: m-executor-abcd",
  "Restart Policy On Failure Not Set To 5": "restart: on-failure:8",
  "Privileged Ports Mapped In Container": "ports: ['21:21']",
  "Container Traffic Not Bound To Host Interface": "ports: ['8888:8888']",
  "Shared Host Network Namespace": "network_mode: host",
  "Shared Host IPC Namespace": "ipc: host",
  "Default Seccomp Profile Disabled": "security_opt: ['seccomp:unconfined']",
  "Host Namespace is Shared": "pid: host",
  "Memory Not Limited": "user: '1'",
  "Pids Limit Not Set": "user: '1'",
  "Shared Host User Namespace": "userns_mode: host",
  "Security Opt Not Set": "user: '1'",
  "Cpus Not Limited": "user: '1'",
  "Container Capabilities Unrestricted": "cap_add: [SYS_ADMIN]",
  "Shared Volumes Between Containers": "volumes: ['data:/data']",
};
const another = "  other:\n    image: redis\n    volumes: ['data:/data']\nvolumes: { data: {} }\n";
const claims = allRules.flatMap(({ name, references: { kics = [] } }) => kics.map((query) => [name, query] as const));

it.each(claims)("%s finds what KICS' %s finds", (rule, query) => {
  const lines = found[query];
  if (lines === undefined) throw new Error(`no sample for ${query}`);
  // A rule about capabilities that are kept needs none to be dropped; one about those that are added needs one.
  expect(one(lines, another).broken(rule), lines).not.toEqual([]);
});
