import { changed, goodStack, type RuleCases, resource, unknown } from "../case.ts";

const digest = `@sha256:${"cd".repeat(32)}`;
/** redis from another image, pulled by the stack itself. */
const image = (name: string) => changed("redis-image", { name }, changed("redis", { image: name }));

export const imageCases: RuleCases[] = [
  {
    rule: "image-tagged",
    breaks: {
      latest: { stack: image(`redis:latest${digest}`), on: "redis:latest", says: ["tag latest", "redis:1.2.3@sha256"] },
      edge: { stack: image(`redis:edge${digest}`), on: "redis:edge", says: ["tag edge"] },
      "neither tag nor digest": { stack: image("redis"), on: "redis", says: ["without a tag"], also: ["image-pinned"] },
      "a registry with a port is no tag": {
        stack: image("localhost:5000/redis"),
        config: { "registry-allowed": "disabled" },
        on: "localhost:5000/redis",
        says: ["without a tag"],
        also: ["image-pinned"],
      },
    },
    passes: { "a digest alone": { stack: image(`redis${digest}`) } },
    absent: { stack: changed("redis-image", { name: undefined }, changed("redis", { image: "" })), verdict: "pass" },
    unknown: { stack: changed("redis-image", { name: unknown }), path: "image" },
    configured: {
      "latest is fine": {
        stack: image(`redis:latest${digest}`),
        config: { "image-tagged": { floating: [] } },
        verdict: "pass",
      },
    },
  },
  {
    rule: "image-pinned",
    breaks: {
      "a tag only": {
        stack: image("redis:7.4.1"),
        on: "redis:7.4.1",
        says: ["without its digest", "Append @sha256:... to redis:7.4.1"],
      },
      "half a digest": {
        stack: image("redis:7.4.1@sha256:abcd"),
        on: "redis:7.4.1@sha256:abcd",
        says: ["without its digest"],
      },
      "built here, without a hash": {
        stack: image("xnai.local/redis:7.0"),
        on: "xnai.local/redis:7.0",
        says: ["without its digest"],
      },
      "a hash, but not built here": {
        stack: image("docker.io/redis:7.0-0123456789ab"),
        on: "docker.io/redis:7.0-0123456789ab",
        says: ["without its digest"],
      },
    },
    passes: {
      "built here": { stack: image("xnai.local/redis:7.0-0123456789ab") },
      "an image id": {
        stack: changed("redis", {
          image: `sha256:${"ab".repeat(32)}`,
          labels: [{ label: "io.xnai.service", value: "redis" }],
        }),
      },
    },
    absent: { stack: changed("redis-image", { name: undefined }, changed("redis", { image: "" })), verdict: "pass" },
    unknown: { stack: changed("redis-image", { name: unknown }), path: "image" },
    configured: {
      "built elsewhere": {
        stack: image("my.registry/redis:7.0-0123456789ab"),
        config: { "image-pinned": { builtHere: ["my.registry"] }, "registry-allowed": "disabled" },
        verdict: "pass",
      },
    },
  },
  {
    rule: "registry-allowed",
    breaks: {
      "another registry": {
        stack: image(`registry.example.test/redis:1${digest}`),
        on: "registry.example.test/redis",
        says: ["comes from registry.example.test", "docker.io", "registries"],
      },
      "one with a port": {
        stack: image(`localhost:5000/redis:1${digest}`),
        on: "localhost:5000/redis",
        says: ["localhost:5000"],
      },
      "a spelling of it": {
        stack: image(`docker.io.example.test/redis:1${digest}`),
        on: "docker.io.example.test",
        says: ["docker.io.example.test"],
      },
    },
    passes: {
      "written out": { stack: image(`docker.io/library/redis:1${digest}`) },
      "by its other name": { stack: image(`index.docker.io/library/redis:1${digest}`) },
    },
    absent: { stack: changed("redis-image", { name: undefined }, changed("redis", { image: "" })), verdict: "pass" },
    unknown: { stack: changed("redis-image", { name: unknown }), path: "image" },
    configured: {
      "one's own": {
        stack: image(`registry.example.test/redis:1${digest}`),
        config: { "registry-allowed": { registries: ["docker.io", "registry.example.test"] } },
        verdict: "pass",
      },
    },
  },
  {
    rule: "image-managed",
    breaks: {
      "pulled by nobody": {
        stack: goodStack().filter(({ name }) => name !== "redis-image"),
        on: "app_redis",
        says: ["no RemoteImage of this stack names", "remoteImage.name"],
      },
      "another tag than the one pulled": {
        stack: changed("redis", { image: `redis:2${digest}` }),
        on: "app_redis",
        says: ["redis:2"],
      },
    },
    passes: {
      "by the digest of what was pulled": { stack: changed("redis", { image: `redis${digest}` }) },
      "built by the stack": {
        stack: [
          ...changed("redis", { image: `redis:9${digest}` }),
          resource("built", "mine", { imageName: `redis:9${digest}` }),
        ],
      },
    },
    absent: { stack: changed("redis", { image: undefined }), verdict: "pass" },
    unknown: { stack: changed("redis", { image: unknown }), path: "image" },
  },
];
