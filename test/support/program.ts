// Runs a part of the program against Pulumi's mocks and hands over what it asks the engine for, options included. Whatever
// any test has made this way is held to every rule of the policy pack, each at mandatory level, with no exemption.
import * as pulumi from "@pulumi/pulumi";
import { getMonitor } from "@pulumi/pulumi/runtime/settings.js";
import * as state from "@pulumi/pulumi/runtime/state.js";
import { expect } from "vitest";
import { dockerTypes, type PulumiResource } from "../../policies/facts/pulumi.ts";
import { judge } from "../policies/support/judge.ts";

type Plain = Record<string, unknown>;

/** A registered resource, as the engine hears of it. */
export interface Registered {
  /** `Container`, `Volume`, `RandomPassword`, `Service` (a component) ... */
  kind: string;
  name: string;
  urn: string;
  /** URN of its parent; "" for none. */
  parent: string;
  /** Inputs with the secrets opened. */
  inputs: Plain;
  /** Inputs with `secret` in place of every secret: what anybody may see. */
  visible: Plain;
  replaceOnChanges: string[];
  /** Names of resources. */
  replaceWith: string[];
  dependsOn: string[];
  ignoreChanges: string[];
  deleteBeforeReplace: boolean;
  retainOnDelete: boolean;
  createTimeout: string;
  hooks: Record<string, (args: object) => Promise<void>>;
}

export interface Program {
  all: Registered[];
  /** What `build` returned. */
  result: unknown;
}

interface Options {
  /** Makes the generated secrets of one run differ from those of another. @default "a" */
  seed?: string;
  /** As in `pulumi preview`: what only the engine can know is unknown. @default false */
  preview?: boolean;
  /** The stack's own configuration of the rules, for what it allows on purpose. */
  policy?: object;
  /** Rules that the test itself is about, which must not end it. */
  expectViolations?: boolean;
}

/** Wire form of a secret: sdk/go/common/resource/sig of pulumi. */
const signature = "4dabf18193072939515e22adb298388d";
const isSecret = (value: unknown): value is { value: unknown } =>
  typeof value === "object" && value !== null && (value as Plain)[signature] === "1b47061264138c4ac30d75fd1eb44270";

function withSecrets(value: unknown, replace: (content: unknown) => unknown): unknown {
  if (isSecret(value)) return replace(value.value);
  if (Array.isArray(value)) return value.map((item) => withSecrets(item, replace));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withSecrets(item, replace)]));
}
const opened = (value: unknown): unknown => withSecrets(value, opened);

/** The value of a generated secret in these tests. */
export const generated = (name: string, length: number, seed = "a") =>
  `${seed}${name.replaceAll(/[^A-Za-z]/g, "")}`.padEnd(length, seed).slice(0, length);

/** Names of a class's hooks -> the functions, so that a test can call them. */
type Hooks = Map<string, (args: object) => Promise<void>>;

type Transform = (resource: {
  type: string;
  name: string;
  props: Plain;
  opts: object;
  custom: boolean;
}) => Promise<unknown>;

/** Stands in for the gRPC server through which the engine would call the program back. */
const callbacks = (hooks: Hooks, transforms: Transform[]) => ({
  registerResourceHook: async (hook: { name: string; callback: (args: object) => Promise<void> }) => {
    hooks.set(hook.name, hook.callback);
  },
  registerErrorHook: async () => {},
  registerStackTransform: (transform: Transform) => transforms.push(transform),
  awaitStackRegistrations: async () => {},
  shutdown: () => {},
});

// biome-ignore lint/suspicious/noExplicitAny: the generated protobuf classes have no types here
function registered(request: any, urn: string, hooks: Hooks): Registered {
  const inputs = request.getObject().toJavaScript() as Plain;
  const names = (urns: string[]) => urns.map((each) => each.split("::").at(-1) as string);
  const bound = request.getHooks()?.toObject() ?? {};
  const named = Object.entries(bound).flatMap(([when, list]) =>
    (list as string[]).map((name) => [when, name] as const),
  );
  return {
    kind: request.getType().split(":").at(-1),
    name: request.getName(),
    urn,
    parent: request.getParent(),
    inputs: opened(inputs) as Plain,
    visible: withSecrets(inputs, () => "secret") as Plain,
    replaceOnChanges: request.getReplaceonchangesList(),
    replaceWith: names(request.getReplaceWithList()),
    dependsOn: names(request.getDependenciesList()),
    ignoreChanges: request.getIgnorechangesList(),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    retainOnDelete: request.getRetainondelete(),
    createTimeout: request.getCustomtimeouts()?.getCreate() ?? "",
    hooks: Object.fromEntries(
      named.map(([when, name]) => [when.replace(/List$/, ""), hooks.get(name) as Registered["hooks"][string]]),
    ),
  };
}

/** Runs `build` and waits until everything it makes is registered. One at a time. */
export async function run(build: () => unknown, options: Options = {}): Promise<Program> {
  const { seed, preview = false, policy = {}, expectViolations = false } = options;
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const secret = type.endsWith(":RandomPassword") && !preview;
        const result = secret ? { result: pulumi.secret(generated(name, inputs.length, seed)) } : {};
        return { id: preview ? "" : `id-of-${name}`, state: { ...inputs, ...result } };
      },
      call: ({ token }) => {
        throw new Error(`the program asks the engine before anything is made: ${token}`);
      },
    },
    "xnai",
    "dev",
    preview,
  );
  const hooks: Hooks = new Map();
  const transforms: Transform[] = [];
  type Store = { callbacks: unknown; supportsTransforms: boolean };
  const store = (state as unknown as { getStore(): Store }).getStore();
  store.supportsTransforms = true;
  store.callbacks = callbacks(hooks, transforms);
  const all: Registered[] = [];
  const wire: PulumiResource[] = [];
  // biome-ignore lint/suspicious/noExplicitAny: see above
  const monitor = getMonitor() as any;
  const register = monitor.registerResource.bind(monitor);
  // biome-ignore lint/suspicious/noExplicitAny: see above
  monitor.registerResource = async (request: any, done: unknown) => {
    const [type, name, custom] = [request.getType(), request.getName(), request.getCustom()];
    const urn = monitor.newUrn(request.getParent(), type, name);
    const resource = registered(request, urn, hooks);
    const { retainOnDelete, ignoreChanges, inputs } = resource;
    for (const transform of transforms)
      await transform({ type, name, props: inputs, opts: { retainOnDelete, ignoreChanges }, custom });
    all.push(resource);
    wire.push({ type, name, urn, props: request.getObject().toJavaScript(), retained: retainOnDelete, ignoreChanges });
    return register(request, done);
  };
  // Pulumi keeps a stack trace for every promise, and vitest maps each of them back to the source: most of the time of a run.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    const result = await build();
    await pulumi.runtime.disconnect();
    Error.stackTraceLimit = stackTraceLimit;
    if (!expectViolations) expectAllowed(wire, policy, preview);
    return { all, result };
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    store.callbacks = undefined;
  }
}

/** In a preview the content of files with secrets is unknown, and so is what a rule would say about it. */
function expectAllowed(wire: PulumiResource[], policy: object, preview: boolean): void {
  const findings = judge(wire, policy).filter(
    ({ status, exemption }) => status === "violation" || (!preview && (status !== "exempt" || exemption?.expires)),
  );
  expect(findings.map(({ rule, status, message }) => `${rule.name}: ${status}: ${message}`)).toEqual([]);
  for (const { type } of wire)
    if (type.startsWith("docker:"))
      expect(Object.values<string>(dockerTypes), "a type that no rule reads").toContain(type);
}

export function one(program: Program, kind: string, name: string): Registered {
  const found = program.all.filter((each) => each.kind === kind && each.name === name);
  expect(found, `one ${kind} ${name}`).toHaveLength(1);
  return found[0] as Registered;
}

export const containers = (program: Program) => program.all.filter(({ kind }) => kind === "Container");

/** A task: its marker, and a container of it as the marker describes it. */
export interface DescribedTask {
  marker: Registered;
  container: Plain & { name: string; image: string; user: string; entrypoints?: string[]; volumes?: object[] };
  /** What its script gets as `$1`, `$2` ... */
  args: string[];
}

/** The containers of all tasks. */
export function tasks(program: Program): DescribedTask[] {
  return program.all.flatMap((marker) => {
    const described = (marker.inputs.keepers as { container?: string } | undefined)?.container;
    if (marker.kind !== "RandomUuid" || described === undefined) return [];
    const all = [JSON.parse(described)].flat() as DescribedTask["container"][];
    return all.map((container) => ({ marker, container, args: container.entrypoints?.slice(4) ?? [] }));
  });
}

/** The first container of one task. @param name of its marker */
export function task(program: Program, name: string): DescribedTask {
  const found = tasks(program).find(({ marker }) => marker.name === name);
  if (!found) throw new Error(`no task ${name}`);
  return found;
}

/** Plain files that a marker remembers, by name. */
export const plainFiles = ({ inputs }: Registered): Record<string, string> =>
  Object.fromEntries(
    Object.entries((inputs.keepers ?? {}) as Record<string, string>).flatMap(([keeper, content]) =>
      keeper.startsWith("file ") ? [[keeper.slice("file ".length), content]] : [],
    ),
  );
