import { relative } from "node:path";

/** The part of vitest's JSON report that is read here. */
export interface TestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly tags?: readonly string[];
    }[];
  }[];
}

/**
 * Returns the lines that end a run: what was skipped, then `N passed, N failed, N skipped`.
 * A quick run skips many tests on purpose, so it counts those, and names only the others.
 */
export function reportLines(report: TestReport, folder: string, isQuick: boolean): string[] {
  let passedCount = 0;
  let failedCount = 0;
  let leftOutCount = 0;
  const titles: string[] = [];
  for (const file of report.testResults) {
    // A file that could not be loaded has no tests to count, but is not a success either.
    if (file.status === "failed" && !file.assertionResults.some(({ status }) => status === "failed"))
      failedCount++;
    for (const { fullName, status, tags = [] } of file.assertionResults) {
      if (status === "passed") passedCount++;
      else if (status === "failed") failedCount++;
      else if (isQuick && (tags.includes("slow") || fullName.includes("FIREBREAK_TEST_"))) leftOutCount++;
      else titles.push(`skipped: ${relative(folder, file.name)}: ${fullName}`);
    }
  }
  const leftOut =
    leftOutCount === 0
      ? []
      : [`skipped: ${leftOutCount} tests that need servers or are slow; ./scripts/test.sh runs them`];
  const skippedCount = leftOutCount + titles.length;
  return [...titles, ...leftOut, `${passedCount} passed, ${failedCount} failed, ${skippedCount} skipped`];
}
