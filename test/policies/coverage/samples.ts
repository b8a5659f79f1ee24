// What the rules of other tools find, by their own definition: keys of a service in which everything else is right.
import type { Project, Service } from "../support/project.ts";
import { good } from "../support/project.ts";

/** Keys of the service that is wrong, and what of the project is. */
export type Sample = Service & { more?: Partial<Project> };
export type Samples = Record<string, Sample>;

const socket = "/var/run/docker.sock:/var/run/docker.sock";
const twice = (keys: Service): Sample => ({
  ...keys,
  more: { services: { app: { ...good, ...keys }, other: { ...good, ...keys } }, volumes: { data: {} } },
});
const missing = (key: string): Sample => ({ [key]: undefined });
const noMemory = { mem_limit: undefined, memswap_limit: undefined };
const security = (option: string): Sample => ({ security_opt: ["no-new-privileges:true", option] });
const adding = (...capabilities: string[]): Sample => ({ cap_add: capabilities });
const propagation = (mode: string): Sample => ({
  volumes: [{ type: "bind", source: "/srv/a", target: "/a", read_only: true, bind: { propagation: mode } }],
});
/** A service that another one waits for until it has ended. */
const taskWith = (keys: Service): Sample => ({
  more: {
    services: {
      prepare: { ...good, restart: undefined, ...keys },
      app: { ...good, depends_on: { prepare: { condition: "service_completed_successfully" } } },
    },
  },
});
const everywhere: Sample = { ports: ["6379:6379"] };
const variable = (name: string, value: string): Sample => ({ environment: { [name]: value } });
const onDefaultBridge: Sample = { networks: undefined, network_mode: "bridge" };
const onHost: Sample = { networks: undefined, network_mode: "host" };

const kics: Samples = {
  "Volume Mounted In Multiple Containers": propagation("rslave"),
  "Volume Has Sensitive Host Directory": { volumes: ["/etc:/host:ro"] },
  "Docker Socket Mounted In Container": { volumes: [socket] },
  "No New Privileges Not Set": { security_opt: ["no-new-privileges:false"] },
  "Privileged Containers Enabled": { privileged: true },
  "Healthcheck Not Set": missing("healthcheck"),
  "Cgroup Not Default": { cgroup_parent: "m-executor-abcd" },
  "Restart Policy On Failure Not Set To 5": { restart: "on-failure:8" },
  "Privileged Ports Mapped In Container": { ports: ["127.0.0.1:21:21"] },
  "Container Traffic Not Bound To Host Interface": everywhere,
  "Shared Host Network Namespace": onHost,
  "Shared Host IPC Namespace": { ipc: "host" },
  "Default Seccomp Profile Disabled": security("seccomp:unconfined"),
  "Host Namespace is Shared": { pid: "host" },
  "Memory Not Limited": noMemory,
  "Pids Limit Not Set": missing("pids_limit"),
  "Shared Host User Namespace": { userns_mode: "host" },
  "Security Opt Not Set": missing("security_opt"),
  "Cpus Not Limited": missing("cpus"),
  "Container Capabilities Unrestricted": { cap_drop: undefined, cap_add: ["SYS_ADMIN"] },
  "Shared Volumes Between Containers": twice({ volumes: ["data:/data"] }),
};

const semgrep: Samples = {
  "exposing-docker-socket-volume": { volumes: ["/run/docker.sock:/var/run/docker.sock"] },
  "no-new-privileges": missing("security_opt"),
  "privileged-service": { privileged: true },
  "seccomp-confinement-disabled": security("seccomp:unconfined"),
  "selinux-separation-disabled": security("label:disable"),
  "writable-filesystem-service": missing("read_only"),
};

const dclint: Samples = {
  "no-duplicate-container-names": twice({ container_name: "one" }),
  "no-duplicate-exported-ports": twice({ ports: ["8080:80"] }),
  "no-unbound-port-interfaces": everywhere,
  "service-image-require-explicit-tag": { image: "redis:canary" },
};

const composeLint: Samples = {
  "CL-0001": { volumes: [socket, "/run:/host-run:ro"] },
  "CL-0002": { privileged: true },
  "CL-0003": missing("security_opt"),
  "CL-0004": { image: "redis:test" },
  "CL-0005": { ports: ["[::]:6379:6379"] },
  "CL-0006": missing("cap_drop"),
  "CL-0007": missing("read_only"),
  "CL-0008": onHost,
  "CL-0009": security("apparmor=unconfined"),
  "CL-0010": { pid: "host", ipc: "host" },
  "CL-0011": adding("NET_ADMIN", "BPF", "SYS_BOOT"),
  "CL-0013": { volumes: ["/home:/homes:ro"] },
  "CL-0014": { logging: { driver: "none" } },
  "CL-0016": { devices: ["/dev/sda:/dev/sda"] },
  "CL-0017": propagation("rshared"),
  "CL-0018": { user: "root" },
  "CL-0019": { image: "redis:8.2.1" },
  "CL-0020": { environment: { DB_PASSWORD: "not-in-any-list", API_TOKEN: "changeme" } },
  "CL-0021": { environment: { A_URL: "redis://me:not-in-any-list@redis", B_URL: "redis://me:changeme@redis" } },
  "CL-0022": { tmpfs: ["/tmp:size=64m,exec"] },
  "CL-0024": adding("ALL"),
  "CL-0025": { volumes: ["/var/lib:/host"] },
  "CL-0026": { ...noMemory, cpus: undefined },
  "CL-0027": adding("SYS_PTRACE"),
  "CL-0028": adding("SYS_TIME"),
  "CL-0029": adding("SYS_NICE"),
  "CL-0030": adding("SYSLOG"),
};

const cis: Samples = {
  "2.7": variable("DOCKER_HOST", "tcp://box:2375"),
  "4.1": missing("user"),
  "4.2": { image: "registry.example/redis:8.2.1" },
  "4.6": missing("healthcheck"),
  "4.10": variable("DB_PASSWORD", "not-in-any-list"),
  "5.2": security("apparmor=unconfined"),
  "5.3": security("label=disable"),
  "5.4": { cap_drop: undefined, cap_add: ["NET_RAW"] },
  "5.5": { privileged: true },
  "5.6": { volumes: ["/boot:/host:ro"] },
  "5.7": { ports: ["127.0.0.1:2222:22"] },
  "5.8": { ports: ["127.0.0.1:111:6379"] },
  "5.9": { ports: ["127.0.0.1:5432:5432"] },
  "5.10": onHost,
  "5.11": noMemory,
  "5.12": missing("cpus"),
  "5.13": missing("read_only"),
  "5.14": everywhere,
  "5.15": { restart: "on-failure:8" },
  "5.16": { pid: "host" },
  "5.17": { ipc: "host" },
  "5.18": { devices: ["/dev/dri:/dev/dri"] },
  "5.19": missing("ulimits"),
  "5.20": propagation("shared"),
  "5.21": { uts: "host" },
  "5.22": security("seccomp=unconfined"),
  "5.25": { cgroup: "host", cgroup_parent: "/x" },
  "5.26": missing("security_opt"),
  "5.27": { healthcheck: { disable: true } },
  "5.29": { pids_limit: -1 },
  "5.30": onDefaultBridge,
  "5.31": { userns_mode: "host" },
  "5.32": { volumes: [socket] },
  "C.5.3.1": adding("DAC_READ_SEARCH"),
  "C.5.3.2": adding("CAP_SYS_MODULE"),
  "C.5.3.3": adding("sys_admin"),
  "C.5.3.4": adding("SYS_PTRACE"),
};

/** checkov reads Dockerfiles: the same in what a container is given. */
const checkov: Samples = {
  CKV_DOCKER_1: { ports: ["127.0.0.1:2222:22"] },
  CKV_DOCKER_2: missing("healthcheck"),
  CKV_DOCKER_3: missing("user"),
  CKV_DOCKER_7: { image: "redis:latest" },
  CKV_DOCKER_8: { user: "root" },
  CKV2_DOCKER_3: { command: ["wget", "--no-check-certificate", "https://example.org/x"] },
  CKV2_DOCKER_4: { command: ["pip", "install", "--trusted-host", "example.org", "x"] },
  CKV2_DOCKER_5: variable("PYTHONHTTPSVERIFY", "0"),
  CKV2_DOCKER_6: variable("NODE_TLS_REJECT_UNAUTHORIZED", "0"),
  SecretsInEnvArg: variable("DB_PASSWORD", "not-in-any-list"),
};

/** By the key of `references`, then by the name of the rule. */
export const found: Record<string, Samples> = { kics, semgrep, dclint, composeLint, cis, checkov };

/** What the tables say that their rules find and ours do not. */
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
  ["semgrep", "writable-filesystem-service", taskWith(missing("read_only"))],
  ["composeLint", "CL-0007", taskWith(missing("read_only"))],
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
