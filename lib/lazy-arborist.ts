// @pulumi/pulumi loads npm's own library (@npmcli/arborist) as soon as it is loaded itself: half of the processor time that the
// SDK takes for that. Only pulumi.runtime.computeCodePaths uses it, for functions that go to a cloud: here it is loaded then.
// Run before the SDK is loaded: by Pulumi.yaml for the program, by policies/start.js for the pack.
import Module, { createRequire } from "node:module";

const require = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));
const path = require.resolve("@npmcli/arborist");

const later = {
  // The SDK copies what is in any other module, which would load it.
  __esModule: true,
  get Arborist() {
    delete require.cache[path];
    return require(path).Arborist;
  },
};
require.cache[path] ??= Object.assign(new Module(path), { exports: later, loaded: true });
