// Finds the product behind an image: the built-in table of products, with those of the user laid over it.
import type { Product, Settings } from "../settings.ts";
import { builtinProducts } from "../tables/telemetry/products.ts";
import { parseImage } from "./image-reference.ts";
import { wildcard } from "./wildcard.ts";

interface ProductTable {
  products: Product[];
  /** What was found before, by reference. */
  found: Map<string, Product | undefined>;
}
/** Made once for each set of products: nearly every rule asks, for every container. */
const tables = new WeakMap<Settings, ProductTable>();
const builtinTable: ProductTable = { products: builtinProducts, found: new Map() };

function tableOf(settings: Settings): ProductTable {
  if (settings.products.length === 0) return builtinTable;
  const known = tables.get(settings);
  if (known) return known;
  const replaced = new Set(settings.products.map((product) => product.id));
  const products = [...settings.products, ...builtinProducts.filter((product) => !replaced.has(product.id))];
  const table = { products, found: new Map() };
  tables.set(settings, table);
  return table;
}

/** The built-in products, with those of the user in front and in place of the ones with the same id. */
export function productsOf(settings: Settings): Product[] {
  return tableOf(settings).products;
}

/** The product that an image belongs to, by the last parts of its name; a longer pattern wins over a shorter one. */
export function productOf(reference: string, settings: Settings): Product | undefined {
  const { products, found } = tableOf(settings);
  if (!found.has(reference)) found.set(reference, search(reference, products));
  return found.get(reference);
}

function search(reference: string, products: Product[]): Product | undefined {
  const image = parseImage(reference);
  if (!image) return undefined;
  const path = `/${image.path}`.toLowerCase();
  const matches = products.flatMap((product) =>
    product.images.filter((pattern) => endsWith(path, pattern)).map((pattern) => ({ product, pattern })),
  );
  return matches.toSorted((a, b) => b.pattern.length - a.pattern.length)[0]?.product;
}

/** Whether the image is one of `patterns`, the last parts of names. */
export function isImage(reference: string, patterns: readonly string[]): boolean {
  const image = parseImage(reference);
  return image !== undefined && patterns.some((pattern) => endsWith(`/${image.path}`.toLowerCase(), pattern));
}

function endsWith(path: string, pattern: string): boolean {
  return pattern.includes("*") ? wildcard(`/${pattern}`, "[^/]*", "$").test(path) : path.endsWith(`/${pattern}`);
}
