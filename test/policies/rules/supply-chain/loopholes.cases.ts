import { changed, goodStack, type RuleCases, resource, unknown } from "../case.ts";

const ignoring = (...ignoreChanges: string[]) =>
  goodStack().map((each) => (each.name === "redis" ? { ...each, ignoreChanges } : each));
const provider = (props: Record<string, unknown>) => [...goodStack(), resource("provider", "engine", props)];
const redis = (props: Record<string, unknown>) => changed("redis", props);
const service = [...goodStack(), resource("docker:index/service:Service", "swarm", { name: "swarm_web" })];

export const loopholeCases: RuleCases[] = [
  {
    rule: "no-ignored-changes",
    breaks: {
      "ports that stay as they are": {
        stack: ignoring("ports", "image"),
        on: "app_redis",
        says: ["ignores changes of ports, image", "Remove ignoreChanges"],
      },
      everything: { stack: ignoring("*"), on: "app_redis", says: ["ignores changes of *"] },
    },
    absent: { stack: goodStack(), verdict: "pass" },
    unknown: { stack: [], path: "" },
    configured: {
      "one that no rule reads": {
        stack: ignoring("hostname"),
        config: { "no-ignored-changes": { allowed: ["hostname"] } },
        verdict: "pass",
      },
    },
  },
  {
    rule: "engine-encrypted",
    breaks: {
      tcp: {
        stack: provider({ host: "tcp://10.0.0.5:2375" }),
        on: "engine",
        says: ["tcp://10.0.0.5:2375 without encryption", "ssh://"],
      },
      "tcp on loopback": {
        stack: provider({ host: "tcp://127.0.0.1:2375" }),
        on: "engine",
        says: ["without encryption"],
      },
      http: {
        stack: provider({ host: "http://engine.test:2375", certPath: "/certs" }),
        on: "engine",
        says: ["http://"],
      },
      "a container's own client": {
        stack: redis({ envs: ["DOCKER_HOST=tcp://host.docker.internal:2375"] }),
        on: "app_redis",
        says: ["without encryption (DOCKER_HOST)"],
      },
      "another port": {
        stack: redis({ envs: ["DOCKER_HOST=tcp://10.0.0.5:4243"] }),
        on: "app_redis",
        says: ["(DOCKER_HOST)"],
      },
      "Podman's": {
        stack: redis({ envs: ["CONTAINER_HOST=tcp://box:8888"] }),
        on: "app_redis",
        says: ["CONTAINER_HOST"],
      },
      "a variable of its own": {
        stack: redis({ envs: ["PROVIDER_ENDPOINT=tcp://socket-proxy:2375"] }),
        on: "app_redis",
        says: ["PROVIDER_ENDPOINT"],
      },
      "an option": {
        stack: redis({ command: ["--providers.docker.endpoint=tcp://socket-proxy:2375"] }),
        on: "app_redis",
        says: ["an address in command"],
      },
    },
    configured: {
      "a filtering proxy": {
        stack: redis({ envs: ["DOCKER_HOST=tcp://socket-proxy:2375"] }),
        config: { "engine-encrypted": { hosts: ["socket-proxy"] } },
        verdict: "pass",
      },
    },
    passes: {
      "a client with TLS": {
        stack: redis({ envs: ["DOCKER_HOST=tcp://docker:2376", "DOCKER_TLS_VERIFY=1"] }),
      },
      "the default socket": { stack: provider({}) },
      "a socket": { stack: provider({ host: "unix:///var/run/docker.sock" }) },
      ssh: { stack: provider({ host: "ssh://me@box" }) },
      "tcp with a certificate": { stack: provider({ host: "tcp://10.0.0.5:2376", certPath: "/certs" }) },
    },
    absent: { stack: provider({}), verdict: "pass" },
    unknown: { stack: provider({ host: unknown }), path: "host" },
  },
  {
    rule: "everything-covered",
    breaks: {
      "a Swarm service": { stack: service, on: "swarm_web", says: ["docker:index/service:Service", "no rule covers"] },
    },
    absent: { stack: goodStack(), verdict: "pass" },
    unknown: { stack: [], path: "" },
    configured: {
      "a type that is meant": {
        stack: service,
        config: { "everything-covered": { types: ["docker:index/service:Service"] } },
        verdict: "pass",
      },
    },
  },
];
