import type { PartEntry } from "@firebreak/archive";
import {
  LocalStages,
  StagePool,
  type ProgressCounters,
  type StageRunner,
  type StageWork,
} from "@firebreak/workers";
import { extractLines } from "../affected/extract-lines.ts";
import { refitRows } from "../delta/refit/refit-rows.ts";
import { supersededDocuments, supersededRows } from "../delta/superseded-items.ts";
import { surveyLines } from "../profiled/survey-lines.ts";
import { glanceAt, writeRowsWithSurvey } from "../survey/rows-with-survey.ts";
import { surveyPart } from "../survey/survey-part.ts";
import { findDuplicates } from "./find-duplicates.ts";
import type { SourcePart } from "./source-part.ts";
import type { Stages } from "./stages.ts";
import { writeKeys } from "./write-keys.ts";
import { writePart } from "./write-part.ts";

/** The function of each stage. */
export const STAGE_WORK: StageWork<Stages> = {
  survey: surveyPart,
  glance: (task, progress) => glanceAt(inTurn(task, progress)),
  profileSurvey: surveyLines,
  extract: extractLines,
  duplicates: (task, progress) => findDuplicates(inTurn(task, progress)),
  write: writePart,
  rowsWithSurvey: writeRowsWithSurvey,
  keys: writeKeys,
  superseded: (task, progress) => supersededRows(inTurn(task, progress), counting(progress)),
  supersededDocuments: (task, progress) => supersededDocuments(inTurn(task, progress), counting(progress)),
  refit: (task, progress) => refitRows(inTurn(task, progress), counting(progress)),
};

/** The lines and bytes from which threads are worth their start. */
const THREADS_FROM = { lines: 20_000, bytes: 16 * 1024 * 1024 };

/** Starts threads for the work on parts, or none if there is little of it. The caller closes the runner. */
export function runnerFor(
  parts: readonly Pick<PartEntry, "lineCount" | "plainBytes">[],
  jobs: number,
): StageRunner<Stages> {
  const sum = (of: "lineCount" | "plainBytes"): number => parts.reduce((all, part) => all + part[of], 0);
  const isLittle = sum("lineCount") < THREADS_FROM.lines && sum("plainBytes") < THREADS_FROM.bytes;
  return isLittle
    ? new LocalStages(STAGE_WORK, () => Promise.resolve())
    : new StagePool<Stages>(new URL("./part-worker.js", import.meta.url), jobs);
}

/** Lets a task take turns with huge lines. */
function inTurn<T extends Pick<SourcePart, "keys">>(task: T, progress: ProgressCounters): T {
  return { ...task, keys: { ...task.keys, hugeTurn: progress } };
}

function counting(progress: ProgressCounters): (lines: number, bytes: number) => void {
  return (lines, bytes) => progress.add(lines, bytes);
}
