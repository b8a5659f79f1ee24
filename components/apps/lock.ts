// `Pulumi.<stack>.lock.yaml`: what the images of apps are and decide by themselves, so that a plan is the same wherever it is made,
// without an engine too. `up` writes it; it is committed beside the configuration. Pure.
import { z } from "zod";
import type { StackConfig } from "../config/keys/base.ts";
import { publishedAt } from "./publish.ts";

const hash = z.string().regex(/^sha256:[0-9a-f]{64}$/, "sha256: and 64 hex digits");

/** What one image is, and what it decides. */
export const pinned = z.strictObject({
  digest: hash.optional().describe("Of an image that a registry has: what is pulled"),
  id: hash.optional().describe("Of an image that only the engine has"),
  entrypoint: z.array(z.string()).default([]),
  command: z.array(z.string()).default([]),
  user: z.string().default(""),
  volumes: z.array(z.string()).default([]),
});
export type Pinned = z.infer<typeof pinned>;

export const lockSchema = z.strictObject({
  images: z.record(z.string(), pinned).default({}).describe("By reference, as the configuration writes it"),
});
export type Lock = z.infer<typeof lockSchema>;

export const noLock: Lock = { images: {} };

/** Name of the file of a stack. */
export const lockFile = (stack: string) => `Pulumi.${stack}.lock.yaml`;

/** Variable with the folder of the file, for a plan of what the file will say. @default the folder of the configuration */
export const lockFolder = "XNAI_LOCK_FOLDER";

/** Whether a reference names an image that no registry has. */
export const isLocalReference = (reference: string) => /^localhost\//.test(reference);

/** A reference without its tag and digest: `localhost:5000/rag` of `localhost:5000/rag:1.2`. */
const repositoryOf = (reference: string) => reference.replace(/@.*$/, "").replace(/:[^:/]*$/, "");

/**
 * The reference under which an app's image is pulled and run: by its digest, or by its id where only the engine has it. As
 * long as nothing pins it, as it is written.
 */
export function pinnedReference(reference: string, { images }: Lock): string {
  const { digest, id } = images[reference] ?? {};
  if (id) return id;
  return digest ? `${repositoryOf(reference)}@${digest}` : reference;
}

/** What each app is to have, of those that have it. */
const each = <T>(config: StackConfig, value: (app: StackConfig["apps"][string]) => T | undefined): Record<string, T> =>
  Object.fromEntries(
    Object.entries(config.apps).flatMap(([name, app]) => {
      const found = value(app);
      return found === undefined ? [] : [[name, found]];
    }),
  );

/** The configuration with what a lock says of the images of its apps. */
export function withLock(config: StackConfig, lock: Lock): StackConfig {
  if (Object.keys(config.apps).length === 0) return config;
  const refs = each(config, ({ image }) => (image === undefined ? undefined : pinnedReference(image, lock)));
  return {
    ...config,
    images: { ...config.images, refs: { ...config.images.refs, ...refs } },
    apps: each(config, (app) => ({ ...app, pinned: app.image === undefined ? undefined : lock.images[app.image] })),
  };
}

/** A preset says itself how much memory it needs. */
const limitsOver = ({ preset, limits }: StackConfig["apps"][string]) =>
  preset === undefined ? limits : { ...limits, memoryMiB: undefined };

/**
 * The configuration with its apps among the services: everything that asks a service's name for its owner, image or way out
 * finds those of an app there.
 */
export function withApps(config: StackConfig, lock: Lock): StackConfig {
  if (Object.keys(config.apps).length === 0) return config;
  return withLock(
    {
      ...config,
      // A site is no service: the front door serves it.
      services: { ...config.services, ...each(config, ({ site }) => (site === undefined ? true : undefined)) },
      owners: { ...config.owners, ...each(config, ({ user }) => user) },
      resources: { ...config.resources, ...each(config, limitsOver) },
      exposure: { ...config.exposure, ...each(config, publishedAt) },
      egress: [...config.egress, ...Object.keys(each(config, ({ egress }) => egress || undefined))],
    },
    lock,
  );
}
