// Where images come from, and the engine that runs them.
import { z } from "zod";
import type { ContainerFacts, ImageFacts } from "../facts/facts.ts";
import { type ImageReference, parseImage } from "../facts/images.ts";
import type { Maybe } from "../facts/maybe.ts";
import type { Stack } from "../facts/stack.ts";
import { resourceRule, stackRule } from "../rule.ts";

/** Tags that mean another image tomorrow. */
const floating = ["latest", "stable", "edge", "nightly", "main", "master", "dev", "rolling", "snapshot", "unstable"];

/** A name that says what is in the image: built here, named by version and content hash (DESIGN.md 3.11). */
const contentHash = /-[0-9a-f]{12,64}$/;

const references = (subject: ContainerFacts | ImageFacts): Maybe<string> =>
  subject.kind === "image" ? subject.reference : subject.image;

/** The reference as a rule can judge it; undefined for an image id, which is exact but says nothing. */
function read(
  subject: ContainerFacts | ImageFacts,
  known: (value: Maybe<string>) => value is string,
): ImageReference | undefined {
  const reference = references(subject);
  return known(reference) ? parseImage(reference) : undefined;
}

const imageTagged = resourceRule({
  name: "image-tagged",
  area: "supply-chain",
  title: "An image is named with the tag of one version.",
  why: "`latest` is whatever was pushed last: what runs cannot be told from what is written.",
  severity: "medium",
  level: "mandatory",
  subjects: ["image", "container"],
  params: z.strictObject({ floating: z.array(z.string()).default(floating).describe("Tags that are no version") }),
  references: {
    dclint: ["service-image-require-explicit-tag"],
    checkov: ["CKV_DOCKER_7"],
  },
  check(subject, report, { params }) {
    const image = read(subject, (value): value is string => report.known(value, "image"));
    if (!image || (image.tag === undefined && image.digest !== undefined)) return;
    if (image.tag !== undefined && !params.floating.includes(image.tag)) return;
    const problem = image.tag === undefined ? "names an image without a tag" : `names an image by the tag ${image.tag}`;
    report.violation("image", `${problem} (${image.path})`, `write the version, as in ${image.path}:1.2.3@sha256:...`);
  },
});

const imagePinned = resourceRule({
  name: "image-pinned",
  area: "supply-chain",
  title: "An image is pinned by its digest, or built here under a content hash.",
  why: "A tag can be pushed again; only the digest says which bits were looked at.",
  severity: "high",
  level: "mandatory",
  subjects: ["image", "container"],
  params: z.strictObject({
    builtHere: z
      .array(z.string())
      .default(["xnai.local"])
      .describe("Registry names of images built here, whose tag ends in a hash"),
  }),
  references: { cis: ["4.2"] },
  check(subject, report, { params }) {
    const image = read(subject, (value): value is string => report.known(value, "image"));
    if (!image || /^sha256:[0-9a-f]{64}$/.test(image.digest ?? "")) return;
    if (params.builtHere.includes(image.registry) && contentHash.test(image.tag ?? "")) return;
    report.violation(
      "image",
      `names ${image.path} without its digest`,
      `append @sha256:... to ${image.path}:${image.tag ?? "1.2.3"}`,
    );
  },
});

const registryAllowed = resourceRule({
  name: "registry-allowed",
  area: "supply-chain",
  title: "Images come from registries that the configuration allows.",
  why: "A typing error in a registry's name runs somebody else's code.",
  severity: "medium",
  level: "mandatory",
  subjects: ["image", "container"],
  params: z.strictObject({
    registries: z
      .array(z.string())
      .default(["docker.io", "ghcr.io", "quay.io", "xnai.local"])
      .describe("Hosts of registries; docker.io is the one when none is written"),
  }),
  references: { cis: ["4.2"] },
  check(subject, report, { params }) {
    const image = read(subject, (value): value is string => report.known(value, "image"));
    if (!image || params.registries.includes(image.registry)) return;
    const list = params.registries.join(", ");
    report.violation(
      "image",
      `comes from ${image.registry}`,
      `use one of ${list}, or allow it: registries of registry-allowed`,
    );
  },
});

const imageManaged = stackRule({
  name: "image-managed",
  area: "supply-chain",
  title: "A container's image is one that the stack pulls or builds itself.",
  why: "Otherwise it is whatever lies on the engine under that name, and no rule about images sees how it came there.",
  severity: "medium",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: { docs: "https://www.pulumi.com/registry/packages/docker/api-docs/remoteimage/" },
  check(container, report, { stack }) {
    if (container.dialect === "compose" || !report.known(container.image, "image")) return;
    const image = parseImage(container.image);
    if (image === undefined || stack.images.has(container.image) || isPulledByDigest(image, stack)) return;
    report.violation(
      "image",
      `runs ${container.image}, which no RemoteImage of this stack names`,
      "create a docker.RemoteImage and write image: remoteImage.name",
    );
  },
});

/** `remoteImage.repoDigest`: the digest of what a RemoteImage of the same name pulled, known after it was. */
function isPulledByDigest({ registry, path, tag, digest }: ImageReference, stack: Stack): boolean {
  if (tag !== undefined || digest === undefined) return false;
  return [...stack.images.keys()].some((reference) => {
    const managed = parseImage(reference);
    return managed?.registry === registry && managed.path === path;
  });
}

const noIgnoredChanges = resourceRule({
  name: "no-ignored-changes",
  area: "supply-chain",
  title: "What the program says of a container is what runs.",
  why: "A property under ignoreChanges keeps its old value on the engine, while every rule reads the new one.",
  severity: "high",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({
    allowed: z.array(z.string()).default([]).describe("Properties that no rule reads, such as hostname"),
  }),
  references: { docs: "https://www.pulumi.com/docs/iac/concepts/resources/options/ignorechanges/" },
  check(container, report, { params }) {
    const ignored = container.ignoredChanges.filter((property) => !params.allowed.includes(property));
    if (ignored.length === 0) return;
    report.violation(
      "ignoreChanges",
      `ignores changes of ${ignored.join(", ")}`,
      "remove ignoreChanges from its resource options",
    );
  },
});

const engineEncrypted = resourceRule({
  name: "engine-encrypted",
  area: "supply-chain",
  title: "The engine is never spoken to over an unencrypted network socket.",
  why: "Whoever can open that socket is root on the machine, and whoever can listen reads every secret that passes.",
  severity: "critical",
  level: "mandatory",
  subjects: ["provider"],
  params: z.strictObject({}),
  references: { cis: ["2.7"] },
  check(provider, report) {
    if (!report.known(provider.host, "host") || !/^(tcp|http):/i.test(provider.host)) return;
    if (!report.known(provider.tls, "certPath") || (provider.tls && /^tcp:/i.test(provider.host))) return;
    report.violation(
      "host",
      `speaks to ${provider.host} without encryption`,
      "use ssh://user@host, a local unix:// socket, or tcp:// with certPath",
    );
  },
});

const everythingCovered = resourceRule({
  name: "everything-covered",
  area: "supply-chain",
  title: "Nothing runs that these rules cannot read.",
  why: "A Swarm service publishes on every interface and a plugin runs on the host: neither has the properties that the rules judge.",
  severity: "medium",
  level: "mandatory",
  subjects: ["foreign"],
  params: z.strictObject({
    types: z
      .array(z.string())
      .default([])
      .describe("Resource types that are meant, such as docker:index/service:Service"),
  }),
  references: { docs: "https://docs.docker.com/reference/cli/docker/service/create/#publish" },
  check(resource, report, { params }) {
    if (params.types.includes(resource.type)) return;
    report.violation(
      "type",
      `is a ${resource.type}, which no rule covers`,
      "use a docker.Container, or allow it: types of everything-covered",
    );
  },
});

export const supplyChainRules = [
  imageTagged,
  imagePinned,
  registryAllowed,
  imageManaged,
  noIgnoredChanges,
  engineEncrypted,
  everythingCovered,
];
