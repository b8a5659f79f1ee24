// The catalogue of images, and which reference of an image a stack uses. Pure: the `xnai` command reads it too.
import { localImage } from "../../airgap/images/names.ts";
import type { StackConfig } from "../config/schema.ts";
import type { ServiceName } from "../constants.ts";

/** An image that the stack uses: one for each service, and busybox for preparing Jobs. */
export type ImageName = ServiceName | "busybox";

/** One image of the catalogue. */
export interface CatalogueImage {
  /** Reference on Docker Hub, with tag and multi-architecture digest. */
  hub: string;
  /** SPDX identifier. */
  licence: string;
  /** On a machine without Docker Hub a stand-in takes its place, because the software is on no package registry. */
  standIn: boolean;
}

/** Digests as independent public projects pin them; kept current by Renovate. */
export const catalogue: Record<ImageName, CatalogueImage> = {
  busybox: {
    hub: "busybox:1.37.0-musl@sha256:5cec3fc171c87218698e85a52af7087de727372aae264a787b8112901a5b0092",
    licence: "GPL-2.0-only",
    standIn: false,
  },
  redis: {
    hub: "redis:8.2.3-alpine@sha256:08ad0b1d280850169a790dba1393ff7a90aef951fc19632cf4d3ce4f78e679ba",
    licence: "AGPL-3.0-only",
    standIn: false,
  },
  postgres: {
    hub: "postgres:17.11-alpine@sha256:b0f9560a2de083e2cc7382e75f808c7381a32852a7ec49117deedb300e552b24",
    licence: "PostgreSQL",
    standIn: false,
  },
  vikunja: {
    hub: "vikunja/vikunja:2.5.0@sha256:22df4c1bc8843c28d383bc5f52b59e7b601bf5f6560b36b29c0a500833c77fa3",
    licence: "AGPL-3.0-or-later",
    standIn: true,
  },
  consul: {
    hub: "hashicorp/consul:1.15.4@sha256:3687a77458411c20dc099c5b955d221669b0b7c2fc8c8a2673eca4047df2c3cd",
    licence: "MPL-2.0",
    standIn: false,
  },
  caddy: {
    hub: "caddy:2.11.4-alpine@sha256:de23def33b17fb5d1290b0f6c2add1d70780e52341896c00a4c8a2a2fe9d355e",
    licence: "Apache-2.0",
    standIn: false,
  },
  qdrant: {
    hub: "qdrant/qdrant:v1.19.1@sha256:12364fe851b9f17356fc88189fc06d1b521262e04659ec7345975b00c9246a10",
    licence: "Apache-2.0",
    standIn: true,
  },
};

/** The reference that a stack with this configuration uses: the user's own, else by `images.source`. */
export function imageRef(config: StackConfig, name: ImageName): string {
  const own = name === "busybox" ? undefined : config.images.refs[name];
  return own ?? (config.images.source === "local" ? localImage(name) : catalogue[name].hub);
}

/** Whether this stack runs a stand-in for the service. */
export const usesStandIn = (config: StackConfig, name: ImageName) =>
  catalogue[name].standIn && imageRef(config, name).startsWith("xnai.local/");
