// Pulumi loads a policy pack through ts-node, which cannot take native TypeScript modules. From here on Node reads them
// itself, and keeps what it compiled: the CLI starts the pack anew for every preview, and ends it without asking. Pulumi's own
// language host hands nodeargs to the pack instead of to Node: hence lazy-modules here, which does nothing a second time.
import { enableCompileCache, flushCompileCache } from "node:module";

enableCompileCache();
import("../lib/lazy-modules.ts").then(() => import("./index.ts")).then(() => flushCompileCache());
