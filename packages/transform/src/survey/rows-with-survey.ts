import { isDeepStrictEqual } from "node:util";
import { readLines, type ReadLine } from "@firebreak/archive";
import type { CollectionSurvey } from "./collection-survey.ts";
import type { ColumnPlan, ColumnRule } from "@firebreak/mysql-format";
import type { Findings, LineMapper, MappedLine, TargetRow } from "../lines/line-mapper.ts";
import { rowMapperOf } from "../lines/mapper-of.ts";
import type { RowMapping } from "../lines/mapping.ts";
import type { Progress, SourcePart } from "../lines/source-part.ts";
import { writeRows, type WriteTask, type WrittenPart } from "../lines/write-part.ts";
import { PartSurvey, type SurveyedPart } from "./survey-part.ts";
import { LONG_LINE_BYTES, type TablePlan } from "../tables/table-plan.ts";

/** The bytes of a part that a glance reads. */
export const GLANCE_BYTES: number = 1 << 19;

/** The most bytes that a TEXT or BLOB column holds. */
const NO_LIMIT = 4_294_967_295;

/** Surveys the first lines of a part. */
export async function glanceAt({ sourceFile, part, keys }: SourcePart): Promise<CollectionSurvey> {
  const survey = new PartSurvey();
  const take = (line: ReadLine): void => survey.take(line);
  await readLines(sourceFile, part, { ...keys, onlyBytes: GLANCE_BYTES }, take, () => undefined);
  return survey.result;
}

export interface RowsWithSurveyTask extends WriteTask<RowMapping & { readonly plan: TablePlan }> {
  readonly hashFile: string;
}

/** Rows written by a guessed plan, and the survey that shows if the guess was right. */
export interface RowsWithSurvey extends SurveyedPart {
  readonly rows: WrittenPart;
}

/**
 * Surveys a part and writes its rows in one reading. Reading is half of the work, and two passes do it twice.
 */
export async function writeRowsWithSurvey(
  task: RowsWithSurveyTask,
  progress: Progress,
): Promise<RowsWithSurvey> {
  const mapper = new SurveyingMapper(await rowMapperOf(task.mapping), task.mapping.plan);
  const rows = await writeRows(task, mapper, {
    add: (lines, bytes) => progress.add(2 * lines, 2 * bytes),
    take: () => progress.take(),
    give: () => progress.give(),
  });
  const { result, hashes } = mapper.survey;
  return { survey: result, hashes: await hashes.write(task.hashFile), rows };
}

const NOTHING = { kind: "mapped", outputs: [], remarks: [] } as const;

/** Surveys each line before it is mapped. After a line that proves the plan wrong, it maps none. */
class SurveyingMapper implements LineMapper<TargetRow> {
  readonly survey = new PartSurvey();
  readonly #mapper: LineMapper<TargetRow>;
  readonly #plan: TablePlan;
  #isWrong = false;

  constructor(mapper: LineMapper<TargetRow>, plan: TablePlan) {
    this.#mapper = mapper;
    this.#plan = plan;
  }

  keyOf(read: ReadLine): bigint | undefined {
    return this.#mapper.keyOf(read);
  }

  map(read: ReadLine): MappedLine<TargetRow> {
    this.survey.take(read);
    this.#isWrong ||= this.#plan.rowEncoding === "values" && read.line.length >= LONG_LINE_BYTES;
    return this.#isWrong ? NOTHING : this.#mapper.map(read);
  }

  findings(): Findings {
    return this.#mapper.findings?.() ?? {};
  }
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
