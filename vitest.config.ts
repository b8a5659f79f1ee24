import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// unit runs anywhere in seconds; e2e and engines need engines (see docs/development.md).
export default defineConfig({
  test: {
    // One more than there are cores, because a third of the time is waiting.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        test: {
          // One worker runs many files without loading Pulumi again for each: half of the time. A test that mocks a module
          // or keeps something in one puts it back.
          isolate: false,
          name: "unit",
          globalSetup: ["test/support/temporary-folder.ts"],
          // A test takes a second at most; a machine that does much else beside it must not make it fail.
          testTimeout: 30_000,
          // Hooks make whole clones.
          hookTimeout: 120_000,
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/**", "test/engines/**"],
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 1_800_000,
        },
      },
      {
        test: {
          name: "engines",
          include: ["test/engines/**/*.test.ts"],
          testTimeout: 600_000,
        },
      },
    ],
  },
});
