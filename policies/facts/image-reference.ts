// Reads an image reference: [registry[:port]/]path[:tag][@digest], as the engines do.

export interface ImageReference {
  /** Host of the registry; docker.io when none is written. */
  registry: string;
  /** Without the registry, and without `library/` for official images. */
  path: string;
  /** Last part of the path: `qdrant` of `qdrant/qdrant`. */
  name: string;
  tag: string | undefined;
  digest: string | undefined;
}

/** Parts of `reference`; undefined for a bare image id (`sha256:...`) or an empty text. */
export function parseImage(reference: string): ImageReference | undefined {
  if (reference === "" || /^(sha256:)?[0-9a-f]{64}$/.test(reference)) return undefined;
  const [beforeDigest = "", digest] = reference.split("@", 2);
  const slash = beforeDigest.indexOf("/");
  const first = beforeDigest.slice(0, Math.max(slash, 0));
  const isHost = first.includes(".") || first.includes(":") || first === "localhost";
  const rest = isHost ? beforeDigest.slice(slash + 1) : beforeDigest;
  const colon = rest.lastIndexOf(":");
  const tagged = colon > rest.lastIndexOf("/");
  const path = (tagged ? rest.slice(0, colon) : rest).replace(/^library\//, "");
  const registry = isHost ? first.replace(/^(index|registry-1)\.docker\.io$/, "docker.io") : "docker.io";
  return { registry, path, name: path.split("/").pop() ?? "", tag: tagged ? rest.slice(colon + 1) : undefined, digest };
}
