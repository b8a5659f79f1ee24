// Pulumi loads a policy pack through ts-node, which cannot take native TypeScript modules. From here on Node reads them itself.
import "./index.ts";
