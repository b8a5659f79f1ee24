// Decides once per stack where its images come from, and has them on the engine before Pulumi asks for them.
import type Docker from "dockerode";
import { ensureImages } from "../../airgap/images/index.ts";
import type { StackConfig } from "../../components/config/schema.ts";
import { serviceNames } from "../../components/constants.ts";
import { catalogue, type ImageName, imageRef } from "../../components/engine/images.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { say } from "../../lib/progress.ts";
import { configDocument, configFile, writeConfig } from "../config-file.ts";
import { project } from "../context.ts";

/** How long Docker Hub may take to answer before it counts as out of reach. */
const hubTimeoutMilliseconds = 3_000;

/** Images of the services that are on, and busybox for their Jobs. */
export const imagesInUse = (config: StackConfig): ImageName[] => [
  "busybox",
  ...serviceNames.filter((name) => config.services[name]),
];

const present = async (docker: Docker, ref: string) =>
  docker
    .getImage(ref)
    .inspect()
    .then(() => true)
    .catch(() => false);

async function missing(docker: Docker, config: StackConfig): Promise<ImageName[]> {
  const found = await Promise.all(
    imagesInUse(config).map(async (name) => ((await present(docker, imageRef(config, name))) ? [] : [name])),
  );
  return found.flat();
}

/** Asks through the engine, which may have a proxy or a mirror of its own. */
async function hubAnswers(docker: Docker): Promise<boolean> {
  const asked = docker.getImage(catalogue.busybox.hub.split("@")[0] as string).distribution();
  const late = new Promise<false>((done) => setTimeout(() => done(false), hubTimeoutMilliseconds).unref());
  return Promise.race([asked.then(() => true).catch(() => false), late]);
}

/**
 * Writes `images.source` into a configuration that does not name one. Never switched afterwards: another source may bring
 * another major version to the same data.
 */
export async function decideSource(docker: Docker, stack: string, config: StackConfig): Promise<StackConfig> {
  if (configDocument(stack).hasIn(["config", `${project}:images`, "source"])) return config;
  const hub = { ...config, images: { ...config.images, source: "hub" as const } };
  const local = { ...config, images: { ...config.images, source: "local" as const } };
  const decided = (await missing(docker, hub)).length === 0 || (await hubAnswers(docker)) ? hub : local;
  writeConfig(stack, [`${project}:images`, "source"], decided.images.source);
  say(
    decided.images.source === "hub"
      ? `images: from Docker Hub, by digest (written to ${configFile(stack)})`
      : `images: built on this machine, because Docker Hub does not answer (written to ${configFile(stack)})`,
  );
  return decided;
}

/** Stand-ins hold nobody's real data: only the stack `dev` may have them. */
function refuseStandIns(stack: string, config: StackConfig, names: ImageName[]): void {
  const standIns = names.filter((name) => catalogue[name].standIn && imageRef(config, name).startsWith("xnai.local/"));
  if (stack === "dev" || standIns.length === 0) return;
  throw new XnaiError(
    exitCode.usage,
    `Stack ${stack} would run a stand-in for ${standIns.join(" and ")}: images.source is local in Pulumi.${stack}.yaml, and the real software cannot be built from package registries.`,
    standIns
      .map((name) => `Load the real image and name it under images.refs.${name}, or set services.${name}: false.`)
      .join("\n"),
  );
}

/** Builds or pulls what the engine lacks. */
export async function provideImages(docker: Docker, stack: string, config: StackConfig): Promise<void> {
  refuseStandIns(stack, config, imagesInUse(config));
  const wanted = await missing(docker, config);
  const build = wanted.filter((name) => imageRef(config, name).startsWith("xnai.local/"));
  if (build.length > 0) await ensureImages({ docker, names: build, onProgress: say });
  for (const name of wanted.filter((item) => !build.includes(item))) await pull(docker, name, imageRef(config, name));
}

async function pull(docker: Docker, name: ImageName, ref: string): Promise<void> {
  say(`pulling ${ref}`);
  try {
    const stream = await docker.pull(ref);
    await new Promise<void>((done, failed) =>
      docker.modem.followProgress(stream, (error: Error | null) => (error ? failed(error) : done())),
    );
  } catch (error) {
    throw new XnaiError(
      exitCode.machine,
      `The image ${ref} for ${name} cannot be had: ${(error as Error).message}`,
      `Check this machine's way to the registry, load the image with docker load, or name another one under images.refs.${name}. Nothing was changed.`,
      { cause: error },
    );
  }
}
