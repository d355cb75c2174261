import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { MysqlTable, SourceNamespace, TargetFacts } from "@firebreak/archive";
import { emptyCollectionSurvey, MAX_NAMES, type CollectionSurvey } from "../survey/collection-survey.ts";
import { planIndexes } from "./index-plan.ts";
import { writeNamespace, type Pass } from "../lines/passes.ts";
import type { WrittenPart } from "../lines/write-part.ts";
import { tableOf } from "./mysql-folder.ts";
import { optionsNotCarried } from "../not-carried.ts";
import { useOf, type Made, type PlannedTarget } from "../output.ts";
import { areSameRows, GLANCE_BYTES, withoutLengths } from "../survey/rows-with-survey.ts";
import { sourceDefinition } from "../collections/source-definition.ts";
import {
  decideRepeatedKeys,
  glanceAtCollection,
  surveyCollection,
  writeTableWithSurvey,
} from "../survey/survey-passes.ts";
import type { NamedTable } from "./table-names.ts";
import { planTable, type TablePlan } from "./table-plan.ts";
import { targetColumns } from "./target-columns.ts";
import type { TransformEvent } from "../transform-notes.ts";

/** The least average size of a part, in glances, that makes a glance worth its time. */
const MIN_GLANCES = 8;

/**
 * Makes a table of a collection, based on the contents of all its documents. While the survey reads the
 * documents, rows are already written by a plan that a glance suggested. If the survey proves the plan wrong,
 * the rows are written again.
 */
export class CollectionToTable implements PlannedTarget<MysqlTable> {
  readonly ns: SourceNamespace;
  readonly directory: string;
  readonly readings = 2;
  readonly #name: NamedTable;
  readonly #targetFacts: TargetFacts | undefined;

  /**
   * @param targetFacts facts of the target: a table that already exists keeps its columns if they take all
   * values.
   */
  constructor(
    ns: SourceNamespace,
    directory: string,
    name: NamedTable,
    targetFacts: TargetFacts | undefined,
  ) {
    this.ns = ns;
    this.directory = directory;
    this.#name = name;
    this.#targetFacts = targetFacts;
  }

  async *write(pass: Pass): AsyncGenerator<TransformEvent, Made<MysqlTable>> {
    const { database, table } = this.#name;
    const definition = await sourceDefinition(pass, this.ns);
    const setting = { indexes: definition.indexes, inTarget: targetColumns(this.#targetFacts, table) };
    const { plan, written } = yield* this.#rows(pass, (survey) =>
      planTable(this.ns.namespace, database, table, survey, setting),
    );
    const { indexes, notCarried } = planIndexes(plan, definition.indexes);
    return {
      entry: tableOf(plan, written, indexes, this.ns.collection),
      use: useOf(this.ns, written, [...notCarried, ...optionsNotCarried(definition.optionsText)]),
    };
  }

  async *#rows(
    pass: Pass,
    planOf: (survey: CollectionSurvey) => TablePlan,
  ): AsyncGenerator<TransformEvent, { plan: TablePlan; written: readonly WrittenPart[] }> {
    const { ns, directory } = this;
    const survey = emptyCollectionSurvey();
    const guess = isWorthGlance(ns) ? withoutLengths(planOf(yield* glanceAtCollection(pass, ns))) : undefined;
    const guessed = guess && (yield* writeTableWithSurvey(pass, ns, guess, directory, survey));
    const repeated = guessed?.repeated ?? (yield* surveyCollection(pass, ns, survey));
    const plan = planOf(survey);
    const isRight = guess !== undefined && repeated.size === 0 && isWhole(survey) && areSameRows(guess, plan);
    if (guessed !== undefined && isRight) return { plan, written: guessed.written };
    if (guessed !== undefined) await takeBack(pass, ns, directory);
    const decisions = yield* decideRepeatedKeys(pass, ns, plan, repeated);
    const mapping = { to: "rows", by: "plan", plan } as const;
    return { plan, written: yield* writeNamespace(pass, ns, { mapping, directory, decisions }) };
  }
}

function isWorthGlance({ parts }: SourceNamespace): boolean {
  return plainBytesOf(parts) >= parts.length * MIN_GLANCES * GLANCE_BYTES && parts.length > 0;
}

/** True if the survey has forgotten no field, and so no value's length. */
function isWhole({ fields }: CollectionSurvey): boolean {
  return fields.size < MAX_NAMES;
}

/** Removes rows that were written by a wrong plan, and subtracts them from the progress. */
async function takeBack(pass: Pass, { parts, lineCount }: SourceNamespace, directory: string): Promise<void> {
  for (const folder of [directory, `quarantine/${directory}`])
    await rm(join(pass.folder, folder), { recursive: true, force: true });
  pass.pool.counters.add(-lineCount, -plainBytesOf(parts));
}

function plainBytesOf(parts: SourceNamespace["parts"]): number {
  return parts.reduce((sum, p) => sum + p.plainBytes, 0);
}
