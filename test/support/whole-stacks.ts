// Whole stacks as Pulumi registers them, for tests that look at the containers of one service. Two of them are built once in
// a process and shared by all tests that run in it.
import type { StackConfig } from "../../components/config/keys/base.ts";
import { parseConfig } from "../../components/config/parse.ts";
import { policyConfigOf } from "../../components/config/policy-config.ts";
import { definitionsOf } from "../../components/services.ts";
import { generated, one, type Program, run } from "./program.ts";

/** The configuration of each stack that was made here. */
const configs = new WeakMap<Program, StackConfig>();

/** @param values the configuration, without the `xnai:` in front of each key */
export async function wholeStack(values: Record<string, unknown>): Promise<Program> {
  const config = parseConfig(values);
  const program = await run(async () => {
    const { Stack } = await import("../../components/stack.ts");
    return new Stack("stack", config);
  });
  configs.set(program, config);
  return program;
}

/**
 * The stack of a configuration with apps, whose images no policy knows.
 * @param policy further configuration of the rules
 */
export const stackWithApps = (config: StackConfig, policy: Record<string, unknown> = {}): Promise<Program> =>
  run(
    async () => {
      const { Stack } = await import("../../components/stack.ts");
      return new Stack("stack", config);
    },
    { policy: { ...policyConfigOf(config), "telemetry-known": "disabled", ...policy } },
  );

/** The files of a service with the secrets in them, as the task that prepares it gets them. */
export function filesOf(config: StackConfig, service: string): Record<string, string> {
  const definitions = definitionsOf(config);
  const values = new Map(
    definitions.flatMap(({ secrets = {} }) =>
      Object.entries(secrets).map(([name, { length = 32, format = (text: string) => text }]) => [
        name,
        format(generated(name, length)),
      ]),
    ) as [string, string][],
  );
  const files = definitions.find(({ name }) => name === service)?.files?.(config, definitions) ?? {};
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [
      name,
      typeof text === "string" ? text : text.render(...text.secrets.map((secret) => values.get(secret) as string)),
    ]),
  );
}

function once(values: Record<string, unknown>): () => Promise<Program> {
  let built: Promise<Program> | undefined;
  return () => {
    built ??= wholeStack(values);
    return built;
  };
}

/** All services, with images that were built on this machine. */
export const localStack = once({ images: { source: "local" } });

/** All services, with images from the hub, data in directories, and a first user whose password was renewed twice. */
export const stackInDirectories = once({ storage: { root: "/srv/xnai" }, rotate: { vikunjaUserPassword: 2 } });

/** What the tests of the services look at. */
interface ContainerInputs {
  image: string;
  envs: string[];
  command?: string[];
  entrypoints?: string[];
  tmpfs: Record<string, string>;
  networksAdvanced?: { name: string; aliases?: string[] }[];
  volumes: { volumeName?: string; containerPath: string; readOnly: boolean }[];
  memory: number;
  ports: unknown[];
  healthcheck: { tests: string[]; interval: string };
}

/** Looks at the containers of `program`, by the names of their resources, or at those of another one. */
export function viewOf(program: Program) {
  const inputs = (name: string, from = program) => one(from, "Container", name).inputs as unknown as ContainerInputs;
  const files = (service: string, from = program) => filesOf(configs.get(from) as StackConfig, service);
  return {
    inputs,
    /** Environment variable -> value. */
    env: (name: string) => Object.fromEntries(inputs(name).envs.map((item) => item.split(/=(.*)/s))),
    /** Each network and the container's name on it. */
    networks: (name: string) =>
      (inputs(name).networksAdvanced ?? []).map((network) => `${network.name} ${network.aliases ?? ""}`.trim()),
    /** Name of a file of a service -> content. */
    files,
    /** Content of a JSON file of a service. */
    json: (service: string, file: string, from = program) => JSON.parse(files(service, from)[file] as string),
  };
}
