import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "packages/*/test/**/*.test.ts",
      "fixtures/test/**/*.test.ts",
      "test/**/*.test.ts",
      "scripts/**/*.test.ts",
    ],
    // The servers share the machine with the tests.
    maxWorkers: 2,
    tags: [{ name: "slow", description: "Takes more than ten seconds on two cores" }],
    pool: "forks",
    // With a process for each of some 330 files, each would load the drivers again: about a second of CPU.
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
