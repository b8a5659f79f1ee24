// One file that an engine can load: the image's layer, its configuration and its name (the docker-archive layout).
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pack } from "tar-stream";
import type { StartConfig } from "../../recipe.ts";
import { builder } from "./settings.ts";
import type { Tree } from "./tree.ts";

/** A recipe that was carried out: what becomes an archive. */
export interface ImageSpec extends StartConfig {
  /** The exact upstream version; becomes the label `io.xnai.image.version`. */
  readonly version: string;
  readonly tree: Tree;
}

/** The architecture of this machine, as an engine calls it. */
export const architecture = process.arch === "x64" ? "amd64" : process.arch;

/**
 * Writes the archive to `file`. Needs the room for it twice: the layer is first written beside it.
 * @param reference the image's name and tag, such as `xnai.local/redis:7.0-0123456789ab`
 */
export async function writeArchive(
  file: string,
  reference: string,
  spec: ImageSpec,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  const layer = `${file}.layer`;
  try {
    const diffId = await writeLayer(layer, spec);
    const config = JSON.stringify(imageConfig(spec, labels, diffId));
    const name = `${createHash("sha256").update(config).digest("hex")}.json`;
    const manifest = JSON.stringify([{ Config: name, RepoTags: [reference], Layers: ["layer.tar"] }]);

    const tar = pack();
    const written = pipeline(tar, createWriteStream(file));
    const add = async () => {
      await pipeline(createReadStream(layer), tar.entry({ name: "layer.tar", size: (await stat(layer)).size }));
      tar.entry({ name }, config);
      tar.entry({ name: "manifest.json" }, manifest);
      tar.finalize();
    };
    await Promise.all([written, add().catch((error) => tar.destroy(error))]);
  } finally {
    await rm(layer, { force: true });
  }
}

/** @returns the digest of the layer, `sha256:...` */
async function writeLayer(file: string, spec: ImageSpec): Promise<string> {
  const hash = createHash("sha256");
  const tee = new PassThrough();
  tee.on("data", (chunk) => hash.update(chunk));
  await Promise.all([spec.tree.pack(tee), pipeline(tee, createWriteStream(file))]);
  return `sha256:${hash.digest("hex")}`;
}

/** Pure: the OCI image configuration. */
export function imageConfig(spec: ImageSpec, labels: Readonly<Record<string, string>>, diffId: string): object {
  const set = (names: readonly string[] | undefined) => names && Object.fromEntries(names.map((name) => [name, {}]));
  const env = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", ...spec.env };
  return {
    architecture,
    os: "linux",
    created: builder.timestamp,
    config: {
      User: spec.user ?? "",
      Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
      Entrypoint: spec.entrypoint,
      Cmd: spec.cmd,
      WorkingDir: spec.workdir ?? "",
      Volumes: set(spec.volumes),
      ExposedPorts: set(spec.ports),
      StopSignal: spec.stopSignal,
      Labels: labels,
    },
    rootfs: { type: "layers", diff_ids: [diffId] },
    history: [{ created: builder.timestamp, created_by: "airgap/images" }],
  };
}
