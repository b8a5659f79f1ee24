// Real images of what this machine may only have a stand-in for: in the engine under the reference that the stack uses, or named by
// XNAI_TEST_IMAGES ("qdrant=REF,vikunja=REF"). Tests that only the real software can pass are not run without them.
import type Docker from "dockerode";
import { imageOf } from "../../components/image-source.ts";

export type RealImage = "qdrant" | "vikunja";

/** Service -> reference; only those that are there. */
export async function realImages(docker: Docker): Promise<Partial<Record<RealImage, string>>> {
  const named = Object.fromEntries(
    (process.env.XNAI_TEST_IMAGES ?? "")
      .split(",")
      .filter((item) => item.includes("="))
      .map((item) => item.split(/=(.*)/s)),
  );
  const found: Partial<Record<RealImage, string>> = {};
  for (const name of ["qdrant", "vikunja"] as const) {
    const ref = named[name] ?? imageOf(name).hub;
    const there = await docker
      .getImage(ref)
      .inspect()
      .then(
        () => true,
        () => false,
      );
    if (there) found[name] = ref;
    else console.log(`not run: no real image of ${name} (${ref}); set XNAI_TEST_IMAGES=${name}=REF`);
  }
  return found;
}
