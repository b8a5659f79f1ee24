// Which reference of an image a stack uses. Pure: the `xnai` command reads it too.
import { type ImageName, imageNames, localImage } from "../airgap/images/names.ts";
import type { StackConfig } from "./config/keys/base.ts";
import type { Image } from "./definition/service.ts";
import { services } from "./services.ts";

/** The image of the tasks that prepare data and files: a shell and the usual tools. */
const busybox: Image = {
  hub: "busybox:1.37.0-musl@sha256:5cec3fc171c87218698e85a52af7087de727372aae264a787b8112901a5b0092",
};

/** Images by the service that runs them, and busybox. Digests as independent public projects pin them; kept current by Renovate. */
export const knownImages: Readonly<Record<string, Image>> = {
  busybox,
  ...Object.fromEntries(services.map(({ name, image }) => [name, image])),
};

/** The image of a service, or busybox. */
export function imageOf(name: string): Image {
  const image = knownImages[name];
  if (!image) throw new Error(`no service has the name ${name}`);
  return image;
}

/** The reference that a stack with this configuration uses: the user's own, else by `images.source`. A preset runs its service's. */
export function imageRef(config: StackConfig, name: string): string {
  const { preset } = config.apps[name] ?? {};
  if (preset !== undefined) return imageRef(config, preset);
  const builtHere = config.images.source === "local" && (imageNames as string[]).includes(name);
  return config.images.refs[name] ?? (builtHere ? localImage(name as ImageName) : imageOf(name).hub);
}

/** Whether an image was built on this machine (airgap/images), by its reference. */
export const isBuiltHere = (ref: string) => ref.startsWith("xnai.local/");

/** Whether this stack runs a stand-in for the service. */
export const usesStandIn = (config: StackConfig, name: string) =>
  knownImages[name]?.standIn === true && isBuiltHere(imageRef(config, name));
