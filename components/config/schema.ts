// The whole configuration of a stack: keys, defaults, units, limits. `Pulumi.<stack>.yaml` holds it under `xnai:<key>`.
// Everything here is data; config-read.ts reads it from Pulumi, config-problems.ts turns what is wrong into sentences.
import { z } from "zod";
import { caddy } from "../caddy/config.ts";
import { serviceNames } from "../constants.ts";
import { qdrant, vikunja } from "../vikunja/config.ts";
import { exposure } from "./exposure.ts";
import { alsoWhenWrong, type Unchecked } from "./problems.ts";

const id = (what: string) =>
  z
    .int()
    .min(1, `${what} 0 is root: name an ordinary ${what}, such as 1000`)
    .max(4_294_967_294)
    .describe(`Numeric ${what}; never 0`);

const owner = z.strictObject({
  uid: id("uid").default(1000),
  gid: id("gid").default(1000),
});
export type Owner = z.infer<typeof owner>;

const perService = <T extends z.ZodType>(value: T) =>
  z.strictObject(Object.fromEntries(serviceNames.map((name) => [name, value])) as Record<ServiceKey, T>);
type ServiceKey = (typeof serviceNames)[number];

const resources = z.strictObject({
  memoryMiB: z.int().min(16).optional().describe("Hard memory limit in MiB, swap included"),
  cpus: z.number().min(0.1).max(128).optional().describe("CPU limit, in cores"),
  nofile: z.int().min(256).max(1_048_576).optional().describe("Open files; not above what the engine may grant"),
  nproc: z.int().min(16).max(65_536).optional().describe("Processes and threads of the container's user"),
});

const redis = z.strictObject({
  maxMemoryMiB: z.int().min(16).max(65_536).default(512).describe("Redis' own limit for data, in MiB"),
  maxMemoryPolicy: z
    .enum([
      "allkeys-lru",
      "allkeys-lfu",
      "allkeys-random",
      "volatile-lru",
      "volatile-lfu",
      "volatile-random",
      "volatile-ttl",
      "noeviction",
    ])
    .default("allkeys-lru")
    .describe("What Redis evicts when maxMemoryMiB is reached"),
  persistence: z
    .enum(["aof", "snapshot", "none"])
    .default("aof")
    .describe("aof: append-only file, flushed every second; snapshot: RDB files only; none: memory only"),
});

const consul = z.strictObject({
  ui: z.boolean().default(true).describe("Serve Consul's web UI; it shows nothing without a token"),
});

/** An image's own source: `hub` is Docker Hub by digest, `local` is built on this machine from package registries. */
const images = z.strictObject({
  source: z.enum(["hub", "local"]).default("hub").describe("Where images come from; decided once per stack"),
  refs: perService(
    z
      .string()
      .regex(/^\S+:\S+$/, "a reference with a tag, such as redis:8.2.3-alpine@sha256:...")
      .optional(),
  )
    .partial()
    .default({})
    .describe("A reference of your own for a service, instead of the catalogue's"),
});

/** Every secret that can be renewed: a higher number makes a new value, and the service's own store follows. */
export const rotatable = [
  "consulManagementToken",
  "consulGossipKey",
  "consulAgentToken",
  "consulRegistrarToken",
  "consulViewerToken",
  "redisPassword",
  "redisHealthPassword",
  "qdrantKey",
  "qdrantReadOnlyKey",
  "postgresPassword",
  "vikunjaDatabasePassword",
  "vikunjaSecret",
  "vikunjaUserPassword",
] as const;
export type SecretName = (typeof rotatable)[number];
const rotate = z.partialRecord(z.enum(rotatable), z.int().min(0));

/** Room that Redis needs beside its data for clients and for rewriting its files, MiB. */
const redisRoomMiB = 64;

function redisMemory(value: Unchecked, context: z.core.$RefinementCtx): void {
  const data = (value?.redis as Unchecked)?.maxMemoryMiB;
  const limit = ((value?.resources as Unchecked)?.redis as Unchecked)?.memoryMiB;
  if (typeof data !== "number" || typeof limit !== "number" || limit >= data + redisRoomMiB) return;
  context.addIssue({
    code: "custom",
    path: ["resources", "redis", "memoryMiB"],
    message: `too little for redis.maxMemoryMiB, which is ${data}: allow ${data + redisRoomMiB} or more, or lower redis.maxMemoryMiB`,
  });
}

const keys = z.strictObject({
  prefix: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/, "1 to 20 characters: lower-case letters, digits and hyphens, a letter first")
    .default("xnai")
    .describe("First part of every name that the stack creates on the engine"),
  owner: owner.prefault({}).describe("Who runs the services and owns everything they write"),
  owners: perService(owner.optional()).partial().default({}).describe("Another owner for one service"),
  storage: z
    .strictObject({
      root: z
        .string()
        .regex(
          /^(\/(?!\.\.?(\/|$))[^\p{Cc}:/]+)+$/u,
          "an absolute path without colons, doubled slashes, . or .., such as /srv/xnai",
        )
        .optional()
        .describe("Keep data in directories below this one instead of in Docker volumes"),
    })
    .default({}),
  services: perService(z.boolean().default(true))
    .refine((value: Unchecked) => value?.postgres !== false || value.vikunja === false, {
      path: ["postgres"],
      error: "Vikunja keeps its data there: set services.vikunja to false as well",
      ...alsoWhenWrong,
    })
    .prefault({})
    .describe("Services that run; false keeps the data"),
  exposure: exposure.prefault({}),
  egress: z
    .array(
      z
        .enum(serviceNames)
        .refine((name): boolean => name !== "consul", "consul works on one network only and needs none outside"),
    )
    .default([])
    .describe("Services that may reach the internet"),
  redis: redis.prefault({}),
  caddy: caddy.prefault({}),
  consul: consul.prefault({}),
  qdrant: qdrant.prefault({}),
  vikunja: vikunja.prefault({}),
  images: images.prefault({}),
  resources: perService(resources.optional()).partial().default({}).describe("Limits of a service, over its defaults"),
  rotate: rotate.default({}).describe("Raise a number to renew that secret"),
  jobTimeoutSeconds: z.int().min(30).max(86_400).default(600).describe("How long one preparing Job may take"),
  policy: z.record(z.string(), z.unknown()).default({}).describe("Parameters of the policy pack, see docs/policies.md"),
});

export const configSchema = keys.superRefine(redisMemory, alsoWhenWrong);
export type StackConfig = z.infer<typeof configSchema>;

/** The owner of one service: its own, else the stack's. */
export function ownerOf(config: StackConfig, service: ServiceKey): Owner {
  return config.owners[service] ?? config.owner;
}
