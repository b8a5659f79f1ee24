// Which products call home, and the settings that stop them. One entry for each product; users add theirs in the
// configuration (`settings.products`). A product without `require` and `deny` is known to send nothing by itself.
import { type Product, product } from "../../settings.ts";
import { aiProducts } from "./ai.ts";
import { applications } from "./applications.ts";
import { databases } from "./databases.ts";
import { libraries } from "./libraries.ts";
import { operations } from "./operations.ts";
import { stackProducts } from "./stack.ts";

/** The products that the pack knows, with what may be left out in their entries filled in. */
export const builtinProducts: Product[] = [
  ...stackProducts,
  ...libraries,
  ...aiProducts,
  ...databases,
  ...applications,
  ...operations,
].map((entry) => product.parse(entry));
