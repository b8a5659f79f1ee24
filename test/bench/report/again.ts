// `npm run bench:page`: makes docs/performance.md anew from docs/performance.json, after a change of its words.
import { rewritePage } from "./write.ts";

await rewritePage();
