// Ways to get a service wrong, as keys of one in which everything else is right.
import { good, type Project, type Service } from "../support/project.ts";

/** Keys of the service that is wrong, and what of the project is. */
export type Sample = Service & { more?: Partial<Project> };
export type Samples = Record<string, Sample>;

export const socket = "/var/run/docker.sock:/var/run/docker.sock";
export const twice = (keys: Service): Sample => ({
  ...keys,
  more: { services: { app: { ...good, ...keys }, other: { ...good, ...keys } }, volumes: { data: {} } },
});
export const missing = (key: string): Sample => ({ [key]: undefined });
export const noMemory = { mem_limit: undefined, memswap_limit: undefined };
export const security = (option: string): Sample => ({ security_opt: ["no-new-privileges:true", option] });
export const adding = (...capabilities: string[]): Sample => ({ cap_add: capabilities });
export const propagation = (mode: string): Sample => ({
  volumes: [{ type: "bind", source: "/srv/a", target: "/a", read_only: true, bind: { propagation: mode } }],
});
/** A service that another one waits for until it has ended. */
export const taskWith = (keys: Service): Sample => ({
  more: {
    services: {
      prepare: { ...good, restart: undefined, ...keys },
      app: { ...good, depends_on: { prepare: { condition: "service_completed_successfully" } } },
    },
  },
});
export const everywhere: Sample = { ports: ["6379:6379"] };
export const variable = (name: string, value: string): Sample => ({ environment: { [name]: value } });
export const onDefaultBridge: Sample = { networks: undefined, network_mode: "bridge" };
export const onHost: Sample = { networks: undefined, network_mode: "host" };
