// Somebody's own Pulumi project with a list of resources, previewed or brought up by the real CLI under the policy pack.
import { mkdir, mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { ensureToolchain } from "../../airgap/toolchain/index.ts";
import { type PreviewEvents, readEvents } from "../../ops/pulumi/events.ts";
import type { PulumiResource } from "../../policies/facts/pulumi.ts";

export const checkout = join(import.meta.dirname, "..", "..");

/** Makes what stands in resources.json; `{"random": "name"}` in a value is a password that only `up` knows. */
const program = `
import { readFileSync } from "node:fs";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { enforce } from "${checkout}/policies/adapters/program.ts";
const { resources, policy } = JSON.parse(readFileSync("resources.json", "utf8"));
if (policy) enforce(policy, "resources.json");
const passwords = {};
const filled = (value) => {
  if (Array.isArray(value)) return value.map(filled);
  if (typeof value !== "object" || value === null) return value;
  if ("random" in value) {
    passwords[value.random] ??= new random.RandomPassword(value.random, { length: 24, special: false });
    return pulumi.interpolate\`\${value.prefix ?? ""}\${passwords[value.random].result}\`;
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each)]));
};
class Part extends pulumi.ComponentResource {
  constructor(name, before) {
    super("test:index:Part", name, {}, { dependsOn: before });
    const { type, props, retained, ignoreChanges } = resources.find((each) => each.name === name);
    const kind = type === "pulumi:providers:docker" ? "Provider" : type.split(":").pop();
    const library = type.startsWith("random:") ? random : docker;
    this.made = new library[kind](name, filled(props), { parent: this, retainOnDelete: retained === true, ignoreChanges, dependsOn: before });
  }
}
const made = [];
for (const { name } of resources) made.push(new Part(name, made.map((each) => each.made)));
`;

export interface Run extends PreviewEvents {
  exitCode: number | undefined;
  output: string;
}

export class PolicyProject {
  readonly folder: string;
  readonly #env: Record<string, string>;
  readonly #pulumi: string;

  private constructor(folder: string, pulumi: string, env: Record<string, string>) {
    this.folder = folder;
    this.#pulumi = pulumi;
    this.#env = env;
  }

  static async create(): Promise<PolicyProject> {
    const { pulumi, env } = await ensureToolchain();
    const folder = await mkdtemp(join(tmpdir(), "xnai-policy-project-"));
    await mkdir(join(folder, "state"));
    await symlink(join(checkout, "node_modules"), join(folder, "node_modules"));
    const yaml = "name: app\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.ts\n";
    await writeFile(join(folder, "Pulumi.yaml"), yaml);
    await writeFile(join(folder, "package.json"), '{ "type": "module", "main": "index.ts" }');
    await writeFile(join(folder, "index.ts"), program);
    const project = new PolicyProject(folder, pulumi, {
      ...env,
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_DEBUG_COMMANDS: "true",
    });
    await project.cli(["stack", "init", "test"]);
    return project;
  }

  /** @param policy hold the resources to the rules in the program itself, with this configuration */
  async write(resources: PulumiResource[], policy?: object): Promise<void> {
    await writeFile(join(this.folder, "resources.json"), JSON.stringify({ resources, policy }));
  }

  /** @param pack folder of a policy pack; none runs without */
  async run(command: "preview" | "up", { pack, config }: { pack?: string; config?: object } = {}): Promise<Run> {
    const log = join(this.folder, "events.jsonl");
    await writeFile(log, "");
    const args = [command, "--event-log", log, ...(command === "up" ? ["--yes", "--skip-preview"] : [])];
    if (pack) args.push("--policy-pack", pack);
    if (config) {
      await writeFile(join(this.folder, "policy.json"), JSON.stringify(config));
      args.push("--policy-pack-config", "policy.json");
    }
    const { exitCode, all } = await this.cli(args);
    return { ...readEvents(await readFile(log, "utf8")), exitCode, output: all };
  }

  cli(args: string[]) {
    const options = { cwd: this.folder, env: this.#env, reject: false, all: true, stdin: "ignore" } as const;
    return execa(this.#pulumi, ["--non-interactive", ...args], options);
  }
}
