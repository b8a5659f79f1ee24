// Where images come from, and how exactly they are named.
import { z } from "zod";
import { type ImageReference, parseImage } from "../../facts/image-reference.ts";
import type { Inventory } from "../../facts/inventory.ts";
import type { ContainerFacts, ImageFacts } from "../../facts/model.ts";
import { type Reporter, resourceRule, stackRule } from "../../rule.ts";
import { type Said, say, shown, written } from "../../say.ts";

/** Tags that may mean another image tomorrow. */
const floating = "latest stable edge nightly main master dev rolling snapshot unstable test beta canary lts".split(" ");

/** The end of the tag of an image that is built here: a hash of what is in it (airgap/images/names.ts). */
const contentHash = /-[0-9a-f]{12,64}$/;

const imageTagged = resourceRule({
  name: "image-tagged",
  title: "An image is named with the tag of one version.",
  why: "`latest` is whatever was pushed last: what runs cannot be told from what is written.",
  severity: "medium",
  subjects: ["image", "container"],
  params: z.strictObject({ floating: z.array(z.string()).default(floating).describe("Tags that are no version") }),
  references: {
    dclint: ["service-image-require-explicit-tag"],
    composeLint: ["CL-0004"],
    checkov: ["CKV_DOCKER_7"],
  },
  check(subject, report, { params }) {
    const image = imageOf(subject, report);
    if (!image || (image.tag === undefined && image.digest !== undefined)) return;
    if (image.tag !== undefined && !params.floating.includes(image.tag)) return;
    const problem =
      image.tag === undefined
        ? say`names an image without a tag`
        : say`names an image by the tag ${shown(image.tag, params.floating)}`;
    report.violation(
      "image",
      say`${problem} (${nameOf(image)})`,
      say`write the version, as in ${nameOf(image)}:1.2.3@sha256:...`,
    );
  },
});

const imagePinned = resourceRule({
  name: "image-pinned",
  title: "An image is pinned by its digest, or built here under a content hash.",
  why: "A tag can be pushed again; only the digest says which bits were looked at.",
  severity: "high",
  subjects: ["image", "container"],
  params: z.strictObject({
    builtHere: z
      .array(z.string())
      .default(["xnai.local"])
      .describe("Registry names of images built here, whose tag ends in a hash"),
  }),
  references: { cis: ["4.2"], composeLint: ["CL-0019"] },
  check(subject, report, { params }) {
    const image = imageOf(subject, report);
    if (!image || /^sha256:[0-9a-f]{64}$/.test(image.digest ?? "")) return;
    if (params.builtHere.includes(image.registry) && contentHash.test(image.tag ?? "")) return;
    report.violation(
      "image",
      say`names ${nameOf(image)} without its digest`,
      say`append @sha256:... to ${nameOf(image)}:${image.tag === undefined ? say`1.2.3` : shown(image.tag, "image")}`,
    );
  },
});

const registryAllowed = resourceRule({
  name: "registry-allowed",
  title: "Images come from registries that the configuration allows.",
  why: "A typing error in a registry's name runs somebody else's code.",
  severity: "medium",
  subjects: ["image", "container"],
  params: z.strictObject({
    registries: z
      .array(z.string())
      .default(["docker.io", "ghcr.io", "quay.io", "xnai.local"])
      .describe("Hosts of registries; docker.io is the one when none is written"),
  }),
  references: { cis: ["4.2"] },
  check(subject, report, { params }) {
    const image = imageOf(subject, report);
    if (!image || params.registries.includes(image.registry)) return;
    const list = params.registries.join(", ");
    report.violation(
      "image",
      say`comes from ${shown(image.registry, "image")}`,
      say`use one of ${written(list)}, or allow it: registries of registry-allowed`,
    );
  },
});

const imageManaged = stackRule({
  name: "image-managed",
  title: "A container's image is one that the stack pulls or builds itself.",
  why: "Otherwise it is whatever lies on the engine under that name, and no rule about images sees how it came there.",
  severity: "medium",
  references: { docs: "https://www.pulumi.com/registry/packages/docker/api-docs/remoteimage/" },
  check(container, report, { inventory }) {
    if (container.dialect === "compose" || !report.known(container.image, "image")) return;
    const image = parseImage(container.image);
    if (image === undefined || inventory.images.has(container.image) || isPulledByDigest(image, inventory)) return;
    report.violation(
      "image",
      say`runs ${shown(container.image.split("@")[0] ?? "", "image")}, which no RemoteImage of this stack names`,
      say`create a docker.RemoteImage and write image: remoteImage.name`,
    );
  },
});

export const imageRules = [imageTagged, imagePinned, registryAllowed, imageManaged];

/** The image's name as it is written, without its tag; a registry other than Docker Hub is part of it. */
function nameOf({ registry, path }: ImageReference): Said {
  return shown(registry === "docker.io" ? path : `${registry}/${path}`, "image");
}

/** The image of a subject as a rule can judge it; undefined for an image id, which is exact but says nothing. */
function imageOf(subject: ContainerFacts | ImageFacts, report: Reporter): ImageReference | undefined {
  const reference = subject.kind === "image" ? subject.reference : subject.image;
  return report.known(reference, "image") ? parseImage(reference) : undefined;
}

/** Whether it was written as `remoteImage.repoDigest`: the digest of what a RemoteImage of that name has pulled. */
function isPulledByDigest({ registry, path, tag, digest }: ImageReference, inventory: Inventory): boolean {
  if (tag !== undefined || digest === undefined) return false;
  return [...inventory.images.keys()].some((reference) => {
    const managed = parseImage(reference);
    return managed?.registry === registry && managed.path === path;
  });
}
