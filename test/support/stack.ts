// One whole stack for a test: a clone of this checkout with its own configuration, state and prefix, driven as a user would.
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import Docker from "dockerode";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { localImage } from "../../airgap/images/names.ts";
import { parseConfig } from "../../components/config/parse.ts";
import { stackStatus } from "../../ops/engine/status/index.ts";
import { asUser, checkoutOfUser, giveToUser, machineOfUser } from "./engines/user.ts";
import { eventually } from "./neighbour.ts";

const checkout = join(import.meta.dirname, "..", "..");

/** What a command printed and how it ended. */
export interface Ran {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** Both, as they came. */
  all: string;
}

const modulesHere = join(machineOfUser === undefined ? checkout : checkoutOfUser(machineOfUser), "node_modules");

/** Copies what git knows or would know of the checkout, with uncommitted changes, to a path with a space in it. */
export async function cloneCheckout(name: string, { below = tmpdir(), modules = modulesHere } = {}): Promise<string> {
  const folder = join(await mkdtemp(join(below, "xnai-test-")), `${name} stack`);
  const { stdout } = await execa("git", ["ls-files", "-z", "-co", "--exclude-standard", "--deduplicate"], {
    cwd: checkout,
  });
  for (const file of stdout.split("\0").filter((item) => item !== "")) {
    await mkdir(join(folder, dirname(file)), { recursive: true });
    await cp(join(checkout, file), join(folder, file)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  }
  await symlink(modules, join(folder, "node_modules"));
  if (machineOfUser !== undefined) await giveToUser(dirname(folder));
  return folder;
}

export class TestStack {
  readonly folder: string;
  readonly prefix: string;
  readonly docker = new Docker();
  #config: Record<string, unknown>;
  readonly #env: Record<string, string>;

  private constructor(folder: string, prefix: string, config: Record<string, unknown>, env: Record<string, string>) {
    this.folder = folder;
    this.prefix = prefix;
    this.#config = config;
    this.#env = env;
  }

  /**
   * @param prefix of everything on the engine; unlike that of every other test
   * @param config as in Pulumi.dev.yaml, without `xnai:`; `images.source` is `local` unless given
   * @param env of every command, beside that of the test
   */
  static async create(
    prefix: string,
    config: Record<string, unknown> = {},
    env: Record<string, string> = {},
  ): Promise<TestStack> {
    const given = { prefix, images: { source: "local" }, ...config };
    const stack = new TestStack(await cloneCheckout(prefix), prefix, given, env);
    await rm(join(stack.folder, "Pulumi.dev.yaml"));
    await stack.configure({});
    return stack;
  }

  /** Merges top-level keys into the configuration file; undefined removes one. Keeps the salt, and what up wrote of the engine. */
  async configure(changes: Record<string, unknown>): Promise<void> {
    this.#config = { ...this.#config, ...(await this.#engine()), ...changes };
    const entries = Object.entries(this.#config).filter(([, value]) => value !== undefined);
    const file = join(this.folder, "Pulumi.dev.yaml");
    const salt = await execa("grep", ["^encryptionsalt", file], { reject: false });
    const text = stringify({ config: Object.fromEntries(entries.map(([key, value]) => [`xnai:${key}`, value])) });
    await writeFile(file, `${text}${salt.stdout ? `${salt.stdout}\n` : ""}`);
  }

  async #engine(): Promise<Record<string, unknown>> {
    const text = await readFile(join(this.folder, "Pulumi.dev.yaml"), "utf8").catch(() => "");
    const engine = (parse(text) as { config?: Record<string, unknown> } | null)?.config?.["xnai:engine"];
    return engine === undefined ? {} : { engine };
  }

  /** `xnai ...` in the clone. */
  async xnai(args: string[], options: { env?: Record<string, string>; input?: string } = {}): Promise<Ran> {
    return this.#run("node", ["ops/xnai.mjs", ...args], options);
  }

  /** A bare `pulumi ...` in the clone, with what `xnai env` prints. */
  async pulumi(args: string[], options: { env?: Record<string, string> } = {}): Promise<Ran> {
    return this.#run("sh", ["-c", 'eval "$(node ops/xnai.mjs env)" && exec pulumi "$@"', "pulumi", ...args], options);
  }

  async up(...args: string[]): Promise<Ran> {
    return this.xnai(["up", "--yes", ...args]);
  }

  /** Brings the stack up; fails the test with the whole output otherwise. */
  async mustUp(...args: string[]): Promise<Ran> {
    const ran = await this.up(...args);
    if (ran.exitCode !== 0) throw new Error(`xnai up ${args.join(" ")} ended with ${ran.exitCode}:\n${ran.all}`);
    return ran;
  }

  /** Stack outputs, secrets in clear. */
  async outputs(): Promise<Record<string, unknown>> {
    const { stdout } = await this.pulumi(["stack", "output", "--stack", "dev", "--json", "--show-secrets"]);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  container(suffix: string): Docker.Container {
    return this.docker.getContainer(`${this.prefix}_${suffix}`);
  }

  /** Waits until every service that is on answers, as `xnai status` asks it. */
  async answers(seconds = 120): Promise<void> {
    const config = parseConfig(this.#config);
    const asked = () => stackStatus(this.docker, config);
    await eventually(seconds, asked, (all) => all.every(({ ok }) => ok));
  }

  /** The image that tasks run, which has a shell and the usual tools. */
  readonly busybox = localImage("busybox");

  /** Runs a command in a container, as the container's user. */
  async exec(suffix: string, command: string[]): Promise<Ran> {
    return this.#run("docker", ["exec", `${this.prefix}_${suffix}`, ...command]);
  }

  /** Removes everything, data too; for `afterAll`. */
  async close(): Promise<void> {
    const ran = await this.xnai(["destroy", "--yes", "--data"]);
    await rm(dirname(this.folder), { recursive: true, force: true });
    if (ran.exitCode !== 0) throw new Error(`destroy --data of ${this.prefix} ended with ${ran.exitCode}:\n${ran.all}`);
  }

  async #run(
    file: string,
    args: string[],
    options: { env?: Record<string, string>; input?: string } = {},
  ): Promise<Ran> {
    const { DOCKER_HOST = "" } = process.env;
    const env = { NO_COLOR: "1", DOCKER_HOST, ...this.#env, ...options.env };
    const [program, ...rest] =
      machineOfUser === undefined ? [file, ...args] : asUser(machineOfUser, [file, ...args], env);
    const { exitCode, stdout, stderr, all } = await execa(program, rest, {
      cwd: this.folder,
      reject: false,
      all: true,
      input: options.input ?? "",
      env,
    });
    return { exitCode: exitCode ?? -1, stdout, stderr, all };
  }
}
