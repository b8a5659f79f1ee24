// @pulumi/pulumi loads as soon as it is loaded itself what it rarely uses: npm's own library and TypeScript, for functions that
// go to a cloud, and OpenTelemetry, for `--tracing`. That is more than half of the time that the SDK takes to load. Here each is
// loaded when something of it is used. Run before the SDK is loaded: by Pulumi.yaml for the program, by PulumiPolicy.yaml for
// the pack.
import Module, { createRequire } from "node:module";

const sdk = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));

/** Module -> what the SDK takes from it at once; a name that is not here loads the module when the SDK asks for it. */
const later: Record<string, string[]> = {
  "@npmcli/arborist": [],
  typescript: [],
  "@opentelemetry/resources": ["defaultResource", "resourceFromAttributes"],
  "@opentelemetry/sdk-trace-base": ["SimpleSpanProcessor"],
  "@opentelemetry/sdk-trace-node": ["NodeTracerProvider"],
  "@opentelemetry/exporter-zipkin": ["ZipkinExporter"],
  "@opentelemetry/instrumentation-grpc": ["GrpcInstrumentation"],
  "@opentelemetry/instrumentation": ["registerInstrumentations"],
};

type Callable = (...args: unknown[]) => unknown;
type Exports = Record<string, Callable>;

/** A function or class that is fetched when it is called. */
const called = (fetch: () => Callable | undefined): Callable =>
  new Proxy(function postponed() {} as Callable, {
    apply: (_, self, args) => Reflect.apply(fetch() as Callable, self, args),
    construct: (_, args) => Reflect.construct(fetch() as Callable, args),
  });

/** Puts a module into the cache that loads the real one by itself. */
function postpone(name: string, taken: string[]): void {
  const path = sdk.resolve(name);
  if (sdk.cache[path]) return;
  let real: Exports | undefined;
  function load(): Exports {
    if (!real) {
      delete sdk.cache[path];
      real = sdk(path) as Exports;
    }
    return real;
  }
  const exports = new Proxy({} as Exports, {
    get(_, key: string) {
      // The SDK copies what is in any other module, which would load it.
      if (key === "__esModule") return true;
      return taken.includes(key) && !real ? called(() => load()[key]) : load()[key];
    },
  });
  sdk.cache[path] = Object.assign(new Module(path), { exports, loaded: true });
}

for (const [name, taken] of Object.entries(later)) postpone(name, taken);
