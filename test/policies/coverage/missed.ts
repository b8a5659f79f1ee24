// What the rules of other tools find and ours do not, as the tables say.
import { good } from "../support/project.ts";
import { adding, missing, type Sample, taskWith, twice } from "./forms.ts";

/** By the key of `references` and the name of the rule. */
export const missed: [key: string, id: string, sample: Sample][] = [
  [
    "kics",
    "Volume Has Sensitive Host Directory",
    { volumes: ["/srv/app:/a:ro", "/home/me/data:/b:ro", "/var/lib/app:/c:ro"] },
  ],
  ["kics", "Privileged Ports Mapped In Container", { ports: ["127.0.0.1:80:8080", "127.0.0.1:8022:21"] }],
  ["kics", "Cpus Not Limited", { cpus: undefined, cpu_shares: 512 }],
  ["kics", "Cpus Not Limited", { cpus: undefined, cpuset: "0" }],
  ["kics", "Container Capabilities Unrestricted", adding("NET_BIND_SERVICE")],
  ["kics", "Shared Volumes Between Containers", { volumes: ["data:/data"], more: { volumes: { data: {} } } }],
  ["kics", "Shared Volumes Between Containers", twice({ volumes: ["data:/data:ro"] })],
  [
    "dclint",
    "no-duplicate-exported-ports",
    {
      more: {
        services: {
          app: { ...good, ports: ["127.0.0.1:8080:80"], profiles: ["a"] },
          b: { ...good, ports: ["127.0.0.2:8080:80"] },
          c: { ...good, ports: ["127.0.0.1:8080:80"], profiles: ["c"] },
        },
      },
    },
  ],
  ["kics", "Healthcheck Not Set", taskWith(missing("healthcheck"))],
  ["kics", "Pids Limit Not Set", taskWith(missing("pids_limit"))],
  ["kics", "Restart Policy On Failure Not Set To 5", taskWith({ restart: "on-failure:8" })],
  [
    "semgrep",
    "writable-filesystem-service",
    taskWith({ ...missing("read_only"), network_mode: "none", networks: undefined }),
  ],
  ["composeLint", "CL-0007", taskWith({ ...missing("read_only"), network_mode: "none", networks: undefined })],
  ["composeLint", "CL-0020", { environment: { DB_PASSWORD: "/run/secrets/db" } }],
  [
    "composeLint",
    "CL-0020",
    { environment: { HASH_SALT: "not-in-any-list", APP_DSN: "not-in-any-list", SECRET_NAME: "app" } },
  ],
  ["composeLint", "CL-0026", { cpus: undefined, cpu_shares: 512 }],
  ["composeLint", "CL-0026", { cpus: undefined, cpuset: "0" }],
  ["cis", "5.8", { ports: ["127.0.0.1:443:8443"] }],
  ["cis", "5.15", { restart: "always" }],
];
