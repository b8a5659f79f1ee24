// All images that can be built without a hub. Their recipes are data: importing them costs next to nothing.
import { recipe as qdrant } from "../standins/qdrant/recipe.ts";
import { recipe as vikunja } from "../standins/vikunja/recipe.ts";
import { recipe as busybox } from "./busybox/recipe.ts";
import { recipe as caddy } from "./caddy/recipe.ts";
import { recipe as consul } from "./consul/recipe.ts";
import { recipe as postgres } from "./postgres/recipe.ts";
import { recipe as redis } from "./redis/recipe.ts";

/** By image name. Vikunja and Qdrant are on no package registry: stand-ins take their places. */
export const recipes = { busybox, redis, postgres, caddy, consul, vikunja, qdrant };
