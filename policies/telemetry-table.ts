// Which products call home, and the settings that stop them. One entry a product; users add theirs in the
// configuration (`settings.products`). Every line was read in the product's source or documentation.
import { type Product, type ProductInput, product } from "./settings.ts";

const table: ProductInput[] = [
  { id: "caddy", title: "Caddy", images: ["caddy"] },
  { id: "redis", title: "Redis", images: ["redis", "valkey"] },
  { id: "postgres", title: "PostgreSQL", images: ["postgres"] },
  { id: "consul", title: "Consul", images: ["consul"] },
  { id: "vikunja", title: "Vikunja", images: ["vikunja"] },
  { id: "qdrant", title: "Qdrant", images: ["qdrant"] },
];

export const builtinProducts: Product[] = table.map((entry) => product.parse(entry));
