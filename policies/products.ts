// Finds the product behind an image reference.
import { parseImage } from "./images.ts";
import type { Product, Settings } from "./settings.ts";
import { builtinProducts } from "./telemetry-table.ts";
import { wildcard } from "./wildcard.ts";

const merged = new WeakMap<Settings, Product[]>();

/** The built-in table with the user's products laid over it. */
export function productsOf(settings: Settings): Product[] {
  const known = merged.get(settings);
  if (known) return known;
  const own = new Set(settings.products.map((product) => product.id));
  const all = [...settings.products, ...builtinProducts.filter((product) => !own.has(product.id))];
  merged.set(settings, all);
  return all;
}

/** The product that an image belongs to, by the last parts of its name; a longer pattern wins over a shorter one. */
export function productOf(reference: string, settings: Settings): Product | undefined {
  const image = parseImage(reference);
  if (!image) return undefined;
  const path = `/${image.path}`.toLowerCase();
  let best: { product: Product; length: number } | undefined;
  for (const product of productsOf(settings)) {
    for (const pattern of product.images) {
      if (pattern.length > (best?.length ?? -1) && endsWith(path, pattern)) best = { product, length: pattern.length };
    }
  }
  return best?.product;
}

function endsWith(path: string, pattern: string): boolean {
  return pattern.includes("*") ? wildcard(`/${pattern}`, "[^/]*", "$").test(path) : path.endsWith(`/${pattern}`);
}
