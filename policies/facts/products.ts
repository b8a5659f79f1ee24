// Finds the product behind an image reference.

import type { Product, Settings } from "../settings.ts";
import { builtinProducts } from "../tables/telemetry/products.ts";
import { parseImage } from "./image-reference.ts";
import { wildcard } from "./wildcard.ts";

interface Table {
  products: Product[];
  /** What was found before, by reference. */
  found: Map<string, Product | undefined>;
}
const tables = new WeakMap<Settings, Table>();

function tableOf(settings: Settings): Table {
  const known = tables.get(settings);
  if (known) return known;
  const own = new Set(settings.products.map((product) => product.id));
  const products = [...settings.products, ...builtinProducts.filter((product) => !own.has(product.id))];
  const table = { products, found: new Map() };
  tables.set(settings, table);
  return table;
}

/** The built-in table with the user's products laid over it. */
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

function endsWith(path: string, pattern: string): boolean {
  return pattern.includes("*") ? wildcard(`/${pattern}`, "[^/]*", "$").test(path) : path.endsWith(`/${pattern}`);
}
