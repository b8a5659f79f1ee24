// Pulumi loads a policy pack through ts-node, which cannot take native TypeScript modules. From here on Node reads them
// itself, and keeps what it compiled: the CLI starts the pack anew for every preview, and ends it without asking.
import { enableCompileCache, flushCompileCache } from "node:module";

enableCompileCache();
import("../lib/lazy-arborist.ts").then(() => import("./index.ts")).then(() => flushCompileCache());
