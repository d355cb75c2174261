import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { SourceNamespace } from "@firebreak/archive";
import { mergeCollectionSurvey, type CollectionSurvey } from "./collection-survey.ts";
import type { OwnTablePlan } from "./own-table-plan.ts";
import type { PartTask } from "./part-worker.ts";
import { ageSuffix, partName, runPass, sourceFile, type Pass } from "./passes.ts";
import type { RowsAhead } from "./rows-ahead.ts";
import { hashFile, repeatedKeys } from "./survey-passes.ts";
import type { TablePlan } from "./table-plan.ts";
import type { RowsTask, WrittenRows } from "./write-rows.ts";
import type { TransformEvent } from "./transform-notes.ts";

const NO_LINES: ReadonlySet<number> = new Set();

/** Writes the rows of a collection, part by part. */
export async function* writeTable(
  pass: Pass,
  ns: SourceNamespace,
  plan: TablePlan | OwnTablePlan,
  directory: string,
  duplicates: readonly ReadonlySet<number>[] = [],
): AsyncGenerator<TransformEvent, WrittenRows[]> {
  const tasks = ns.parts.map((_, i): PartTask => ({
    ...rowsTask(pass, ns, plan, directory, i),
    stage: "rows",
    duplicateLines: duplicates[i] ?? NO_LINES,
  }));
  return (yield* runPass(pass, "rows", tasks)) as WrittenRows[];
}

function rowsTask(
  pass: Pass,
  ns: SourceNamespace,
  plan: TablePlan | OwnTablePlan,
  directory: string,
  i: number,
): RowsTask {
  const part = ns.parts[i]!;
  const name = partName(part.file);
  const suffix = ageSuffix(pass);
  return {
    keys: pass.keys,
    sourceFile: sourceFile(pass, part.file),
    part,
    plan,
    folder: pass.folder,
    csvFile: `${directory}/${name}.csv.zst${suffix}`,
    quarantineFile: `quarantine/${directory}/${name}.ndjson.zst${suffix}`,
    duplicateLines: NO_LINES,
  };
}

/** Removes the rows that were written for a collection. */
export async function removeTable(pass: Pass, directory: string): Promise<void> {
  for (const folder of [directory, `quarantine/${directory}`])
    await rm(join(pass.folder, folder), { recursive: true, force: true });
}

/** A collection's rows by a guessed plan, and the result of `surveyCollection`. */
export interface TableAhead {
  readonly written: readonly WrittenRows[];
  readonly repeated: ReadonlySet<bigint>;
}

/** Surveys a collection and writes its rows in one reading. */
export async function* writeTableAhead(
  pass: Pass,
  ns: SourceNamespace,
  plan: TablePlan,
  directory: string,
  survey: CollectionSurvey,
): AsyncGenerator<TransformEvent, TableAhead> {
  const tasks = ns.parts.map((_, i): PartTask => ({
    ...rowsTask(pass, ns, plan, directory, i),
    stage: "rowsAhead",
    plan,
    hashFile: hashFile(pass, i),
  }));
  const results = (yield* runPass(pass, "rows", tasks)) as RowsAhead[];
  for (const result of results) mergeCollectionSurvey(survey, result.survey);
  return { written: results.map((r) => r.rows), repeated: await repeatedKeys(pass, ns) };
}
