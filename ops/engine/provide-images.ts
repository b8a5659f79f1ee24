// Decides once per stack where its images come from, and gets them onto the engine before Pulumi asks for them.
import type Docker from "dockerode";
import { ensureImages } from "../../airgap/images/index.ts";
import { imageNames, localImage } from "../../airgap/images/names.ts";
import type { StackConfig } from "../../components/config/keys/base.ts";
import { download } from "../../components/engine/api/images.ts";
import { imageOf, imageRef, isBuiltHere, usesStandIn } from "../../components/image-source.ts";
import { servicesOn } from "../../components/services.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { say } from "../../lib/progress.ts";
import { configDocument, configFile, writeConfig } from "../config-file.ts";
import { project } from "../paths.ts";
import { containers } from "../pulumi/resources.ts";
import type { StackState } from "../pulumi/state.ts";
import { hubAnswers, pullRefused } from "./registry.ts";

/** Images of the services that are on, and busybox for their tasks. */
export function imagesInUse(config: StackConfig): string[] {
  return ["busybox", ...servicesOn(config).map(({ name }) => name)];
}

const isDecided = (stack: string) => configDocument(stack).hasIn(["config", `${project}:images`, "source"]);

/**
 * Decides `images.source` where the configuration names none: Docker Hub if it answers or its images are on the engine
 * already, else this machine. `provideImages` writes it down, once the images are there.
 * @throws XnaiError (machine) when nobody can tell: Docker Hub limits or refuses this machine, or says nothing
 */
export async function decideImageSource(
  docker: Docker,
  stack: string,
  config: StackConfig,
  state: StackState,
): Promise<StackConfig> {
  if (isDecided(stack)) return config;
  const from = (source: "hub" | "local") => ({ ...config, images: { ...config.images, source } });
  const used = containers(state).find(({ inputs }) => typeof inputs?.image === "string");
  // The configuration has lost what once was decided.
  if (used) return from(isBuiltHere(String(used.inputs?.image)) ? "local" : "hub");
  const present = (await missingImages(docker, from("hub"))).length === 0;
  const [tagged = ""] = imageOf("busybox").hub.split("@");
  const hub = present || (await hubAnswers(docker, tagged));
  say(
    hub ? "images: from Docker Hub, by digest" : "images: built on this machine, because Docker Hub cannot be reached",
  );
  return from(hub ? "hub" : "local");
}

/**
 * Never changed afterwards: another source may have another major version of what wrote the data.
 */
function noteSource(stack: string, { images: { source } }: StackConfig): void {
  if (isDecided(stack)) return;
  writeConfig(stack, [`${project}:images`, "source"], source);
  say(`images: source: ${source} is written to ${configFile(stack)}`);
}

/**
 * Builds or pulls what the engine lacks, then writes down where it came from.
 * @throws XnaiError (usage) for a stand-in in a stack other than `dev`, (machine) when an image cannot be built or pulled
 */
export async function provideImages(docker: Docker, stack: string, config: StackConfig): Promise<void> {
  refuseStandIns(stack, config, imagesInUse(config));
  const missing = await missingImages(docker, config);
  // By reference: a service may run the image that is built for another one.
  const built = imageNames.filter((image) => missing.some((name) => imageRef(config, name) === localImage(image)));
  if (built.length > 0) await ensureImages({ docker, names: built, onProgress: say });
  const builtRefs = new Set(built.map(localImage));
  for (const name of missing) {
    const ref = imageRef(config, name);
    if (!builtRefs.has(ref)) await pull(docker, config, name, ref);
  }
  noteSource(stack, config);
}

async function missingImages(docker: Docker, config: StackConfig): Promise<string[]> {
  const names = imagesInUse(config);
  const present = await Promise.all(names.map((name) => isPresent(docker, imageRef(config, name))));
  return names.filter((_, index) => !present[index]);
}

function isPresent(docker: Docker, ref: string): Promise<boolean> {
  const inspected = docker.getImage(ref).inspect();
  return inspected.then(() => true).catch(() => false);
}

/** Stand-ins are not for anybody's real data: only the stack `dev` may have them, and one that says so. */
function refuseStandIns(stack: string, config: StackConfig, names: string[]): void {
  const standIns = names.filter((name) => usesStandIn(config, name));
  if (stack === "dev" || config.images.allowStandIns || standIns.length === 0) return;
  throw new XnaiError(
    exitCode.usage,
    `Stack ${stack} would run a stand-in for ${standIns.join(" and ")}: images.source is local in Pulumi.${stack}.yaml, and the real software cannot be built from package registries.`,
    standIns
      .map((name) => `Load the real image and name it under images.refs.${name}, or set services.${name}: false.`)
      .concat("Only to try it out, without data that matters: images.allowStandIns: true.")
      .join("\n"),
  );
}

async function pull(docker: Docker, config: StackConfig, name: string, ref: string): Promise<void> {
  if (/^sha256:/.test(ref))
    throw new XnaiError(
      exitCode.machine,
      `The image of ${name} is not on the engine any more, and no registry has it (${ref}).`,
      `Build or load it again: ${config.apps[name]?.image ?? ref}\nThen run the same command again. Nothing was changed.`,
    );
  say(`pulling ${ref}`);
  await download(docker, ref).catch(async (error) => {
    throw await pullRefused(name, ref, error);
  });
}
