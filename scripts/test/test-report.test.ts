import { expect, test } from "vitest";
import { reportLines, type TestReport } from "../test-report.ts";

const report: TestReport = {
  testResults: [
    {
      name: "/project/packages/load/test/a.test.ts",
      status: "failed",
      assertionResults: [
        { fullName: "one", status: "passed" },
        { fullName: "two", status: "failed" },
        { fullName: "three (skipped: FIREBREAK_TEST_MYSQL not set)", status: "skipped" },
        { fullName: "four", status: "skipped", tags: ["slow"] },
        { fullName: "five (skipped: there is no java)", status: "pending" },
      ],
    },
    { name: "/project/packages/load/test/broken.test.ts", status: "failed", assertionResults: [] },
  ],
};

test("every skipped test is named, and a file that could not be loaded counts as failed", () => {
  expect(reportLines(report, "/project", false)).toEqual([
    "skipped: packages/load/test/a.test.ts: three (skipped: FIREBREAK_TEST_MYSQL not set)",
    "skipped: packages/load/test/a.test.ts: four",
    "skipped: packages/load/test/a.test.ts: five (skipped: there is no java)",
    "1 passed, 2 failed, 3 skipped",
  ]);
});

test("a quick run counts what it leaves out on purpose, and names what else was skipped", () => {
  expect(reportLines(report, "/project", true)).toEqual([
    "skipped: packages/load/test/a.test.ts: five (skipped: there is no java)",
    "skipped: 2 tests that need servers or are slow; ./scripts/test.sh runs them",
    "1 passed, 2 failed, 3 skipped",
  ]);
});
