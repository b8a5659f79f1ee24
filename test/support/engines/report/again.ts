// `npm run docs:engines`: makes docs/engines.md anew from docs/engines.json, after a change of its words.
import { rewritePage } from "./write.ts";

await rewritePage();
