import { isDeepStrictEqual } from "node:util";
import { readLines, type PartEntry } from "@firebreak/archive";
import type { CollectionSurvey } from "./collection-survey.ts";
import type { ColumnPlan, ColumnRule } from "./column-plan.ts";
import type { Keys } from "./keys.ts";
import { PartSurvey } from "./survey-part.ts";
import { LONG_LINE_BYTES, type TablePlan } from "./table-plan.ts";
import { writeRows, type RowsTask, type WrittenRows } from "./write-rows.ts";

/** The bytes of a part that a glance reads. */
export const GLANCE_BYTES: number = 1 << 19;

/** The most bytes that a TEXT or BLOB column holds. */
const NO_LIMIT = 4_294_967_295;

export interface GlanceTask {
  readonly sourceFile: string;
  readonly part: PartEntry;
  readonly keys: Keys;
}

/** Surveys the first lines of a part. */
export async function glanceAt({ sourceFile, part, keys }: GlanceTask): Promise<CollectionSurvey> {
  const survey = new PartSurvey();
  const take = (line: Parameters<PartSurvey["take"]>[0]): void => survey.take(line);
  await readLines(sourceFile, part, { ...keys, onlyBytes: GLANCE_BYTES }, take, () => undefined);
  return survey.result;
}

export interface RowsAheadTask extends RowsTask {
  readonly plan: TablePlan;
  readonly hashFile: string;
}

/** Rows written by a guessed plan, and the survey that shows if the guess was right. */
export interface RowsAhead {
  readonly survey: CollectionSurvey;
  readonly rows: WrittenRows;
}

/**
 * Surveys a part and writes its rows in one reading. Reading is half of the work, and two passes do it twice.
 */
export async function writeRowsAhead(
  task: RowsAheadTask,
  count: (lines: number, bytes: number) => void,
): Promise<RowsAhead> {
  const survey = new PartSurvey();
  let isWrong = false;
  const rows = await writeRows(
    task,
    (lines, bytes) => count(2 * lines, 2 * bytes),
    (read) => {
      survey.take(read);
      isWrong ||= task.plan.rowEncoding === "values" && read.line.length >= LONG_LINE_BYTES;
      return !isWrong;
    },
  );
  await survey.writeHashes(task.hashFile);
  return { survey: survey.result, rows };
}

/**
 * Returns a plan whose columns have no lengths. It turns lines into the same rows as any plan that differs
 * only in lengths, as long as those lengths suffice for all values.
 */
export function withoutLengths(plan: TablePlan): TablePlan {
  return {
    ...plan,
    columns: plan.columns.map(({ name, rule }): ColumnPlan => ({ name, rule: longest(rule) })),
  };
}

function longest(rule: ColumnRule): ColumnRule {
  switch (rule.kind) {
    case "integer":
      return { kind: "integer", bits: 64 };
    case "string":
    case "binary":
      return { kind: rule.kind, maxBytes: NO_LIMIT };
    default:
      return rule;
  }
}

/** True if both plans turn lines into the same rows, provided that the lengths of both suffice. */
export function areSameRows(a: TablePlan, b: TablePlan): boolean {
  return (
    a.rowEncoding === b.rowEncoding && isDeepStrictEqual(withoutLengths(a).columns, withoutLengths(b).columns)
  );
}
