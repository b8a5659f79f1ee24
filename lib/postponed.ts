// Keeps modules of others from being loaded until something of them is used.
import Module, { createRequire } from "node:module";

type Callable = (...args: unknown[]) => unknown;
type Exports = Callable & Record<string, Callable>;

/** A function, a class or a module's exports, fetched when something is done with it. */
const later = <T extends Callable>(fetch: () => T, more: ProxyHandler<T> = {}): T =>
  new Proxy(function postponed() {} as T, {
    apply: (_, self, args) => Reflect.apply(fetch(), self, args),
    construct: (_, args) => Reflect.construct(fetch(), args),
    ...more,
  });

/**
 * Puts modules into Node's cache that load the real ones by themselves; one that is loaded already stays.
 * @param of the package that requires them
 * @param modules name -> what the package takes from it as soon as it is loaded itself; anything else that is taken loads it
 */
export function postpone(of: string, modules: Record<string, string[]>): void {
  const require = createRequire(createRequire(import.meta.url).resolve(of));
  for (const [name, taken] of Object.entries(modules)) {
    const path = require.resolve(name);
    if (require.cache[path]) continue;
    let real: Exports | undefined;
    const load = () => {
      if (!real) {
        delete require.cache[path];
        real = require(path) as Exports;
      }
      return real;
    };
    const exports = later(load, {
      get(_, key: string) {
        // Compiled TypeScript copies what is in any other module, which would load it.
        if (key === "__esModule") return true;
        return taken.includes(key) && !real ? later(() => load()[key] as Callable) : load()[key];
      },
    });
    require.cache[path] = Object.assign(new Module(path), { exports, loaded: true });
  }
}
