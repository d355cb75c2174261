import type { MysqlTable, NotCarried, SourceNamespace, TargetFacts } from "@firebreak/archive";
import { emptyCollectionSurvey, MAX_NAMES, type CollectionSurvey } from "./collection-survey.ts";
import { planIndexes } from "./index-plan.ts";
import { tableOf } from "./mysql-folder.ts";
import { optionsNotCarried } from "./not-carried.ts";
import type { Pass } from "./passes.ts";
import { sourceDefinition } from "./source-definition.ts";
import { areSameRows, GLANCE_BYTES, withoutLengths } from "./rows-ahead.ts";
import { findDuplicates, glanceAtCollection, surveyCollection } from "./survey-passes.ts";
import { removeTable, writeTable, writeTableAhead } from "./table-passes.ts";
import type { NamedTable } from "./table-names.ts";
import { targetColumns } from "./target-columns.ts";
import { planTable, type TablePlan } from "./table-plan.ts";
import type { WrittenRows } from "./write-rows.ts";
import type { TransformEvent } from "./transform-notes.ts";

/** The least average size of a part, in glances, that makes a glance worth its time. */
const MIN_GLANCES = 8;

export interface WrittenTable {
  readonly written: readonly WrittenRows[];
  readonly table: MysqlTable;
  readonly notCarried: readonly NotCarried[];
}

/**
 * Makes a table of a collection, based on the contents of all its documents. While the survey reads the
 * documents, rows are already written by a plan that a glance suggested. If the survey proves the plan wrong,
 * the rows are written again.
 *
 * @param targetFacts facts of the target: a table that already exists keeps its columns if they take all
 * values.
 */
export async function* collectionToTable(
  pass: Pass,
  ns: SourceNamespace,
  { database, table }: NamedTable,
  directory: string,
  targetFacts: TargetFacts | undefined,
): AsyncGenerator<TransformEvent, WrittenTable> {
  const definition = await sourceDefinition(pass, ns);
  const setting = { indexes: definition.indexes, inTarget: targetColumns(targetFacts, table) };
  const planOf = (survey: CollectionSurvey): TablePlan =>
    planTable(ns.namespace, database, table, survey, setting);
  const survey = emptyCollectionSurvey();
  const guess = isWorthGlance(ns) ? withoutLengths(planOf(yield* glanceAtCollection(pass, ns))) : undefined;
  const ahead = guess && (yield* writeTableAhead(pass, ns, guess, directory, survey));
  const repeated = ahead?.repeated ?? (yield* surveyCollection(pass, ns, survey));
  const plan = planOf(survey);
  const isRight = guess !== undefined && repeated.size === 0 && isWhole(survey) && areSameRows(guess, plan);
  let written = ahead?.written;
  if (written === undefined || !isRight) {
    if (ahead !== undefined) await takeBack(pass, ns, directory);
    const duplicates = repeated.size === 0 ? [] : yield* findDuplicates(pass, ns, plan, repeated);
    written = yield* writeTable(pass, ns, plan, directory, duplicates);
  }
  const { indexes, notCarried } = planIndexes(plan, definition.indexes);
  return {
    written,
    table: tableOf(plan, written, indexes, ns.collection),
    notCarried: [...notCarried, ...optionsNotCarried(definition.optionsText)],
  };
}

function isWorthGlance({ parts }: SourceNamespace): boolean {
  return plainBytesOf(parts) >= parts.length * MIN_GLANCES * GLANCE_BYTES && parts.length > 0;
}

/** True if the survey has forgotten no field, and so no value's length. */
function isWhole({ fields }: CollectionSurvey): boolean {
  return fields.size < MAX_NAMES;
}

/** Removes rows that were written ahead by a wrong plan, and subtracts them from the progress. */
async function takeBack(pass: Pass, { parts, lineCount }: SourceNamespace, directory: string): Promise<void> {
  await removeTable(pass, directory);
  pass.counters.add(-lineCount, -plainBytesOf(parts));
}

function plainBytesOf(parts: SourceNamespace["parts"]): number {
  return parts.reduce((sum, p) => sum + p.plainBytes, 0);
}
