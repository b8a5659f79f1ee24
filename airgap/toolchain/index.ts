// The Pulumi CLI, its plugins and Node, ready to run: looked up in milliseconds, installed once (install.ts).
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { cacheKey, cacheRoot } from "./cache.ts";
import { installedFrom, readManifest, type Source } from "./manifest.ts";
import { nodeFolder } from "./node.ts";
import { tools } from "./tools.ts";

export interface InstalledComponent {
  name: string;
  version: string;
  source: Source;
}

export interface Toolchain {
  /** Path of the Pulumi CLI. */
  pulumi: string;
  /** PULUMI_HOME: the plugins, and what the CLI keeps for itself. */
  home: string;
  /** Variables that a child process needs besides those that it inherits; PATH is complete. */
  env: Record<string, string>;
  components: InstalledComponent[];
}

/** What of the toolchain is installed. */
export interface Inspection {
  /** Where it is, or will be. */
  folder: string;
  complete: boolean;
  components: (Omit<InstalledComponent, "source"> & { source: Source | "missing"; path: string })[];
}

/** What the toolchain of this checkout consists of, and what of it is there. Never fails, changes nothing. */
export function inspectToolchain(env: NodeJS.ProcessEnv = process.env): Inspection {
  return inspect(join(cacheRoot(env), cacheKey()));
}

function inspect(folder: string): Inspection {
  const manifest = readManifest(folder);
  const components = tools.flatMap((tool) =>
    tool.components.map((one) => ({
      name: one.name,
      version: one.version,
      source: installedFrom(folder, manifest, one) ?? ("missing" as const),
      path: join(folder, one.file),
    })),
  );
  return { folder, complete: components.every(({ source }) => source !== "missing"), components };
}

export interface EnsureOptions {
  /** Is told what is being done, one line at a time; nothing when the toolchain is complete. */
  onProgress?: (text: string) => void;
  /** Install nothing: a toolchain that is not complete is an error. @default false */
  check?: boolean;
  /** @default process.env */
  env?: NodeJS.ProcessEnv;
}

/**
 * The toolchain of this checkout, installed first where something is missing.
 * `XNAI_TOOLCHAIN=built` asks no server for a release; `XNAI_TOOLCHAIN=official` builds nothing.
 * @throws XnaiError (machine) if something is missing and cannot be installed, (usage) for another XNAI_TOOLCHAIN
 */
export async function ensureToolchain(options: EnsureOptions = {}): Promise<Toolchain> {
  const { onProgress = () => {}, check = false, env = process.env } = options;
  const node = nodeFolder();
  let found = inspectToolchain(env);
  if (!found.complete) {
    if (check) throw incomplete(found);
    const { install } = await import("./install.ts");
    await install({ root: cacheRoot(env), folder: found.folder, env, say: onProgress, only: onlySource(env) });
    found = inspect(found.folder);
    if (!found.complete) throw incomplete(found);
  }
  return describe(found, node, env);
}

function describe({ folder, components }: Inspection, node: string, env: NodeJS.ProcessEnv): Toolchain {
  const home = join(folder, "home");
  const installed = components as InstalledComponent[];
  return {
    pulumi: join(folder, "bin", "pulumi"),
    home,
    env: {
      PATH: [join(folder, "bin"), node, ...(env.PATH ? [env.PATH] : [])].join(delimiter),
      PULUMI_HOME: home,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // The CLI logs every run into its home, up to 5 MB each (encrypted with the stack's key), and keeps 500 MB.
      PULUMI_LOG_ROTATION_MAX_TOTAL_MB: "50",
      // Program and policy pack are new processes in every run, and half of their start is compiling Pulumi's SDK.
      NODE_COMPILE_CACHE: join(home, "node-compile-cache"),
      // Where a plugin had to be built there is nowhere to fetch another one from; asking would only hang.
      ...(installed.some(({ source }) => source === "built") && {
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      }),
    },
    components: installed.map(({ name, version, source }) => ({ name, version, source })),
  };
}

function incomplete({ folder, components }: Inspection): XnaiError {
  const missing = components
    .filter(({ source }) => source === "missing")
    .map(({ name, version }) => `${name} ${version}`);
  return new XnaiError(
    exitCode.machine,
    `The toolchain in ${folder} is ${existsSync(folder) ? "not complete" : "not installed"}: ${missing.join(", ")} missing.`,
    "Run: npm run toolchain",
  );
}

/** What XNAI_TOOLCHAIN says. @throws XnaiError (usage) for a value that it cannot have */
export function onlySource({ XNAI_TOOLCHAIN: value }: NodeJS.ProcessEnv): "official" | "built" | undefined {
  if (value === undefined || value === "") return undefined;
  if (value === "official" || value === "built") return value;
  throw new XnaiError(
    exitCode.usage,
    `XNAI_TOOLCHAIN is ${JSON.stringify(value)}: it can be "official" or "built".`,
    "Unset it: then releases are used where they can be reached, and the rest is built.",
  );
}
