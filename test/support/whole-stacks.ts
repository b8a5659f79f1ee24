// Whole stacks as Pulumi registers them, for tests that look at the containers of one service. Two of them are built once in
// a process and shared by all tests that run in it.
import { parseConfig } from "../../components/config/parse.ts";
import { one, type Program, run } from "./program.ts";

/** @param values the configuration, without the `xnai:` in front of each key */
export function wholeStack(values: Record<string, unknown>): Promise<Program> {
  return run(async () => {
    const { Stack } = await import("../../components/stack.ts");
    return new Stack("stack", parseConfig(values));
  });
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
  uploads?: { file: string; content: string }[];
  memory: number;
  ports: unknown[];
  healthcheck: { tests: string[]; interval: string };
}

/** Looks at the containers of `program`, by the names of their resources, or at those of another one. */
export function viewOf(program: Program) {
  const inputs = (name: string, from = program) => one(from, "Container", name).inputs as unknown as ContainerInputs;
  const files = (name: string, from = program): Record<string, string> =>
    Object.fromEntries(
      (inputs(name, from).uploads ?? []).map(({ file, content }) => [file.split("/").at(-1), content]),
    );
  return {
    inputs,
    /** Environment variable -> value. */
    env: (name: string) => Object.fromEntries(inputs(name).envs.map((item) => item.split(/=(.*)/s))),
    /** Each network and the container's name on it. */
    networks: (name: string) =>
      (inputs(name).networksAdvanced ?? []).map((network) => `${network.name} ${network.aliases ?? ""}`.trim()),
    /** Name of an uploaded file -> content. */
    files,
    /** Content of an uploaded JSON file. */
    json: (name: string, file: string, from = program) => JSON.parse(files(name, from)[file] as string),
  };
}
