// The keys of one app, `xnai:apps.<name>`: a container of the user's own, run as a service of the stack.
import { z } from "zod";
import { type KeysForApps, owner } from "../config/keys/base.ts";
import type { Pinned } from "./lock.ts";
import { route } from "./route.ts";

const absolutePath = z
  .string()
  .regex(/^(\/(?!\.\.?(\/|$))[^\p{Cc}:/,]+)+$/u, "an absolute path without colons, commas, doubled slashes, . or ..");

/** The engine knows no port 0. */
const port = z.int().min(1).max(65_535);

const words = z.array(z.string()).min(1);

const health = z
  .union([
    z.strictObject({
      http: z
        .string()
        .regex(/^\/[!-~]*$/, "a path such as /health")
        .describe("Path that answers with 2xx or 3xx when it is well"),
      port,
    }),
    z.strictObject({ tcp: port.describe("Port that takes connections when it is well") }),
    z.strictObject({
      command: words.describe("Command in its container, without a shell, that ends with 0 when it is well"),
    }),
  ])
  .describe("How it is asked whether it is well");
export type AppHealth = z.infer<typeof health>;

const environment = z
  .record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a name of letters, digits and underscores"),
    z.union([
      z.string(),
      z.number(),
      z.boolean(),
      z.strictObject({ file: z.string().describe("Content of a file; the variable holds its path") }),
    ]),
  )
  .default({})
  .describe(
    `Its environment. \${redis.url} and the like stand for what the stack knows, \${secrets.NAME} for a secret of yours`,
  );
export type Environment = z.infer<typeof environment>;

const writable = z.union([
  absolutePath,
  z.strictObject({ path: absolutePath, sizeMiB: z.int().min(1).max(65_536).default(64) }),
]);

const mount = z.strictObject({
  host: absolutePath.describe("Directory or file on the machine of the engine"),
  path: absolutePath.describe("Where the app sees it"),
  readOnly: z.boolean().default(true),
  own: z.boolean().default(false).describe("True gives this directory and all that is in it to the app's user"),
});

/** Name of an app: part of names on the engine and of resources, so another one is another app. */
export const appName = z
  .string()
  .regex(/^[a-z][a-z0-9]*([_-][a-z0-9]+)*$/, "a name of lower-case letters, digits and single _ or -, a letter first")
  .max(40);

const partName = z
  .string()
  .regex(/^(?!config$)[a-z][a-z0-9_]*$/, "a name of lower-case letters, digits and _, a letter first; not config");

/** What is said of one app. */
export const appKeys = z.strictObject({
  image: z
    .string()
    .regex(/^[A-Za-z0-9][\w.:/@-]*$/, "a reference such as ghcr.io/me/rag:1.2 or localhost/rag:latest")
    .optional()
    .describe("Its image. One that no registry has, such as localhost/rag:latest, is never pulled"),
  site: z
    .string()
    .min(1)
    .optional()
    .describe(
      "A directory of static files that the front door serves, in the place of a container: ./site, as MkDocs builds it",
    ),
  entrypoint: words.optional().describe("Instead of the image's own; the image's command does then not count"),
  command: z.array(z.string()).optional().describe("Instead of the image's own"),
  user: owner.optional().describe("Who it runs as, and who owns its data; xnai:owner unless given"),
  workingDir: absolutePath.optional().describe("Instead of the image's own"),
  env: environment,
  task: z
    .boolean()
    .default(false)
    .describe("It runs to its end, once for each change of it, before the apps that need it; it has no health then"),
  health: health.optional(),
  route: route.optional(),
  publish: z
    .array(
      z.strictObject({
        port: port.describe("Port on which it listens in its container"),
        host: port.optional().describe("Port on 127.0.0.1 of this machine; the same number unless given"),
      }),
    )
    .default([])
    .describe("Ports that clients on this machine reach without the front door"),
  limits: z
    .strictObject({
      memoryMiB: z.int().min(16).default(512).describe("Hard memory limit in MiB, swap included"),
      cpus: z.number().min(0.1).max(128).default(1).describe("CPU limit, in cores"),
      nofile: z.int().min(256).max(1_048_576).optional().describe("Open files; not above what the engine may grant"),
      pids: z.int().min(16).max(4_194_304).optional().describe("Processes and threads"),
    })
    .prefault({}),
  data: z
    .record(partName, absolutePath)
    .default({})
    .describe("Parts of its data, which outlive it -> where it sees them"),
  writable: z
    .array(writable)
    .default([])
    .describe("Paths besides /tmp that it may write to, in memory: gone with each start"),
  shmMiB: z
    .int()
    .min(1)
    .max(1_048_576)
    .optional()
    .describe("Shared memory (/dev/shm) in MiB, within its memory limit; the engine gives 64 unless set"),
  mounts: z.array(mount).default([]).describe("Places of the machine that it sees"),
  readOnlyRoot: z
    .boolean()
    .default(true)
    .describe("False lets it write everywhere in its container; a policy has to allow it"),
  capabilities: z
    .array(z.string().regex(/^(CAP_)?[A-Z_]+$/, "a name such as NET_BIND_SERVICE"))
    .default([])
    .describe("What it may ask of the kernel; a policy has to allow it"),
  devices: z
    .array(absolutePath)
    .default([])
    .describe("Devices of the machine that it gets, such as /dev/dri; a policy has to allow it"),
  gpu: z
    .boolean()
    .default(false)
    .describe(
      "Whether it gets the NVIDIA GPUs, for which the engine needs NVIDIA's container toolkit; a policy has to allow it",
    ),
  uses: z
    .array(z.string())
    .default([])
    .describe(
      "Services that it uses, each with a credential of its own; those that env refers to, or that it says something of, count anyway",
    ),
  rotation: z.int().min(0).default(0).describe("Raise it to renew its credentials at the services that it uses"),
  needs: z.array(z.string()).default([]).describe("Apps and services that have to answer before it starts"),
  stopSignal: z
    .string()
    .regex(/^SIG[A-Z0-9+]+$/, "a name such as SIGINT")
    .optional()
    .describe("Instead of the image's own"),
  stopGraceSeconds: z.int().min(1).max(600).default(10).describe("Seconds between the stop signal and the kill"),
  host: z
    .array(port)
    .default([])
    .describe("Ports of services on the machine itself, which it then reaches as host.docker.internal"),
  egress: z.boolean().default(false).describe("Whether it may reach the internet"),
});

/**
 * An app as it is written, with every service that it uses under `uses`, and what its image is, where the lock file says so.
 */
export type AppConfig = z.infer<typeof appKeys> &
  KeysForApps & { pinned?: Pinned | undefined; preset?: string | undefined };

declare module "../config/keys/base.ts" {
  interface ServiceKeys {
    apps: Record<string, AppConfig>;
  }
}
