import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// One worker runs many files without loading Pulumi again for each: half of the time. A test that mocks a module or keeps
// something in one puts it back.
const shared = { isolate: false };

// unit and policies run anywhere in seconds; e2e needs a Docker engine (see docs/development.md).
export default defineConfig({
  test: {
    // Every core: by itself vitest leaves one free, and of two that is half.
    maxWorkers: availableParallelism(),
    projects: [
      {
        test: { ...shared, name: "unit", include: ["test/*.test.ts", "test/{lib,components,ops,airgap}/**/*.test.ts"] },
      },
      { test: { ...shared, name: "policies", include: ["test/policies/**/*.test.ts"] } },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 1_800_000,
        },
      },
    ],
  },
});
